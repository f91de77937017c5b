{{ config(materialized='view') }}
select order_id, customer_id, paid_amount as refunded_amount
from {{ ref('fct_orders') }}
where status = 'returned'
