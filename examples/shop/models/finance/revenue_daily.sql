select d.date_day, coalesce(sum(o.paid_amount), 0)::decimal(12, 2) as revenue
from {{ ref('dim_dates') }} as d
left join {{ ref('fct_orders') }} as o on o.ordered_at::date = d.date_day
group by all
