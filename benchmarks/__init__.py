"""Whole-process times of the command line, beside the floors that they stand on."""
