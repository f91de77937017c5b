select
    id as customer_id,
    first_name || ' ' || last_name as full_name,
    lower(email) as email,
    country as country_code,
    newsletter as wants_newsletter,
    created_at
from {{ source('raw_shop', 'customers') }}
