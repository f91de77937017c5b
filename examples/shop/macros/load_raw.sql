{#- Stand in for the systems upstream: a shop, a web tracker and a mailing tool leave their tables in the warehouse. -#}
{% macro load_raw() -%}
  {%- set tables = {
      'raw_shop': ['customers', 'orders', 'order_items', 'products', 'payments'],
      'raw_web': ['sessions'],
      'raw_mail': ['campaigns', 'email_events'],
  } -%}
  {%- if execute -%}
    {%- for schema, names in tables.items() -%}
      {%- do run_query('create schema if not exists ' ~ schema) -%}
      {%- for name in names -%}
        {%- do run_query('create or replace table ' ~ schema ~ '.' ~ name ~ " as from read_csv('data/" ~ name ~ ".csv')") -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
  select 1
{%- endmacro %}
