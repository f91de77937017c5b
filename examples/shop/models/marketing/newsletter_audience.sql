{{ config(materialized='view') }}
select customer_id, full_name, email
from {{ ref('dim_customers') }}
where wants_newsletter
