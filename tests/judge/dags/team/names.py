FIRST = "first"
SECOND = "second"
RETRIES = 2
