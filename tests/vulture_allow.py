"""Names that look unused to vulture, and why each kind of them is not."""

_: object

# The builder's constants and operators: called by its users.
_.admin_groups
_.admin_roles
_.admin_users
_.announcement_message
_.announcement_title
_.announcement_type
_.announcement_updated_at
_.announcement_updated_by
_.asset_tags
_.certificate_status
_.certificate_status_message
_.certificate_updated_at
_.certificate_updated_by
_.connection_name
_.connection_qualified_name
_.connector_name
_.database_name
_.database_qualified_name
_.dbt_alias
_.dbt_job_last_run
_.dbt_job_status
_.dbt_package_name
_.dbt_project_name
_.dbt_qualified_name
_.dbt_tags
_.dbt_test_status
_.dbt_unique_id
_.domain_guids
_.ends_with
_.has_lineage
_.is_discoverable
_.is_editable
_.is_false
_.is_true
_.last_sync_run_at
_.match_stemmed
_.output_product_guids
_.owner_groups
_.owner_users
_.parent_domain_qualified_name
_.phrase_prefix
_.popularity_score
_.product_guids
_.propagated_tags
_.readme
_.schema_qualified_name
_.source_created_at
_.source_last_read_at
_.source_owners
_.source_read_count
_.source_updated_at
_.starred_by
_.starred_count
_.starts_with
_.sub_type
_.super_domain_qualified_name
_.super_type_names
_.table_name
_.table_qualified_name
_.user_description
_.view_name
_.view_qualified_name
_.view_score
_.viewer_groups
_.viewer_users
_.where_some

# Options that never change members: read and written back, never asked for.
_.auto_generate_synonyms_phrase_query
_.max_determinized_states
_.tie_breaker

# What dbt writes, as pydantic reads it.
_.column_name
_.depends_on
_.dimensions
_.package_name
_.resource_type
_.source_meta
_.type_params
_.where_filters
_.where_sql_template

# What SQLAlchemy, Alembic, pydantic, rich and re2 look for by name.
_.cache_ok
_.down_revision
_.impl
_.inherit_cache
_.isolation_level
_.load_dialect_impl
_.log_errors
_.model_config
_.process_bind_param
_.self_group

# What the client of OpenSearch looks for by name.
_._raise_warnings
_.mimetype

# What prometheus_client, anyio, uvicorn and FastAPI ask for by name.
_.describe
_.total_tokens

# Named for completeness: a member of an enumeration, a method of a protocol.
_.__and__
_.__or__
_.__sub__
_.response_class  # http.client makes its answers by it
_.ConnectionCls  # urllib3 makes its connections by it

# Used by files that vulture does not read: the shapes of bodies, and the client.
_.SaidKey
_.ServerUnavailable
