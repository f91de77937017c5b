select campaign_id, customer_id, count(*) filter (event = 'opened') as opens, count(*) filter (event = 'clicked') as clicks
from {{ ref('stg_mail__events') }}
group by all
