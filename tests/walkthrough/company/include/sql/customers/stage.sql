-- Everything that changed since the last run.
create or replace temporary table stage_customers as
select c.id, c.email, c.country, max(t.updated_at) as last_ticket_at
from raw.crm_contacts as c
left join raw.zendesk_tickets as t on t.requester_email = c.email
where c.updated_at >= '{{ data_interval_start | ds }}'
  and c.updated_at < '{{ data_interval_end | ds }}'
group by c.id, c.email, c.country;
