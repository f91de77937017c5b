{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, customer_id, status, ordered_at, paid_amount
from {{ ref('int_orders__paid') }}
{% if is_incremental() %}
where ordered_at >= (select max(ordered_at) from {{ this }})
{% endif %}
