select id as session_id, customer_id, landing_page, utm_campaign as campaign_code, started_at, pages as page_count
from {{ source('raw_web', 'sessions') }}
