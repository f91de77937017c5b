{{ config(materialized='view') }}
select s.session_id, s.customer_id, s.started_at, s.page_count, c.campaign_id
from {{ ref('stg_web__sessions') }} as s
left join {{ ref('stg_mail__campaigns') }} as c using (campaign_code)
