select
    id as campaign_id,
    code as campaign_code,
    title,
    {{ cents_to_euros('budget_cents') }} as budget,
    starts_on,
    ends_on
from {{ source('raw_mail', 'campaigns') }}
