select id as event_id, campaign_id, customer_id, event, occurred_at
from {{ source('raw_mail', 'events') }}
