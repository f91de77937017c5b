# Every verb sets up what it needs: a virtual environment in .venv, everything pinned with hashes.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
MANIFEST ?= examples/shop/artifacts/manifest.json
CATALOG ?= $(if $(filter examples/shop/artifacts/manifest.json,$(MANIFEST)),examples/shop/artifacts/catalog.json)

.PHONY: help demo serve test test-openmetadata check format bench bench-opensearch bench-http bench-members bench-sync bench-history bench-reports bench-holders simulate faults lock clean differential opensearch elasticsearch

help: ## List the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: .venv/.ready ## Import a dbt project, define products, watch their members move (MANIFEST=… CATALOG=…)
	@$(BIN)/python examples/demo.py --manifest "$(MANIFEST)" $(if $(CATALOG),--catalog "$(CATALOG)")

serve: .venv/.ready ## Serve the HTTP API, and say where its token is (DATA=… PORT=…)
	@$(BIN)/muster serve $(if $(DATA),--data "$(DATA)") $(if $(PORT),--port $(PORT))

test: .venv/.ready-dev ## Run every test this machine can run; the last lines say against what
	@$(BIN)/python -m tests -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-openmetadata: .venv/.ready-dev ## Of these, what OpenMetadata's own client does here, which is fetched; its pages and its recording
	@$(BIN)/python -m tests tests/acceptance/openmetadata $(ARGS)

check: .venv/.ready-dev ## Lint, types, layers, dead code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

format: .venv/.ready-dev ## Format, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/.ready-dev ## Measure: load, reads and full sync over ASSETS synthetic assets
	@$(BIN)/python benchmarks/bench.py --assets $(or $(ASSETS),1000000) --products $(or $(PRODUCTS),"1000,10000")

bench-opensearch: .venv/.ready-dev ## The same on a search server, beside the official client: MUSTER_ENGINE_URL, or a node of its own (HEAP=3g)
	@PYTHONPATH=. MUSTER_TEST_HEAP=$(or $(HEAP),3g) $(BIN)/python benchmarks/bench_opensearch.py --assets $(or $(ASSETS),1000000) --products $(or $(PRODUCTS),10000) $(ARGS)

bench-http: .venv/.ready-dev ## First pages over HTTP beside the raw query (ENGINE=embedded or opensearch, ASSETS=…)
	@PYTHONPATH=. MUSTER_TEST_HEAP=$(or $(HEAP),3g) $(BIN)/python benchmarks/bench_http.py --engine $(or $(ENGINE),embedded) --assets $(or $(ASSETS),1000000) $(ARGS)

bench-sync: .venv/.ready-dev ## Following changes: evaluation alone, and from a commit to the memberships (ENGINE=opensearch: beside a percolator)
	@PYTHONPATH=. MUSTER_TEST_HEAP=$(or $(HEAP),3g) $(BIN)/python benchmarks/bench_sync.py --engine $(or $(ENGINE),embedded) --assets $(or $(ASSETS),100000) --products $(or $(PRODUCTS),10000) $(ARGS)

bench-history: .venv/.ready-dev ## What the history of memberships takes: bytes of a generation, time to know an old one
	@$(BIN)/python benchmarks/bench_history.py $(ARGS)

bench-reports: .venv/.ready-dev ## Reports about all products, and what would move if: seconds and memory (ASSETS=… PRODUCTS=…)
	@$(BIN)/python benchmarks/bench_reports.py --assets $(or $(ASSETS),50000) --products $(or $(PRODUCTS),10000) $(ARGS)

bench-holders: .venv/.ready-dev ## Which products hold an asset, over HTTP, one asset after the other (ASSETS=… PRODUCTS=…)
	@$(BIN)/python benchmarks/bench_holders.py --assets $(or $(ASSETS),20000) --products $(or $(PRODUCTS),10000) $(ARGS)

simulate: .venv/.ready-dev ## N changes of a catalog by chance; following them against evaluating everything (ENGINE=… SEED=… BATCH=…)
	@MUSTER_SIMULATE=$(or $(N),2000) MUSTER_SIMULATE_PRODUCTS=$(or $(PRODUCTS),1000) MUSTER_SIMULATE_ASSETS=$(or $(ASSETS),50000) MUSTER_SEED=$(or $(SEED),1) \
		MUSTER_SIMULATE_BATCH=$(or $(BATCH),200) $(BIN)/python -m tests tests/simulation -s --timeout 7200 $(if $(ENGINE),-k $(ENGINE)) $(ARGS)

faults: .venv/.ready-dev ## Kill whoever serves, keeps and tells N times while everything changes; nothing is lost or doubled (SEED=…)
	@MUSTER_FAULTS=$(or $(N),200) MUSTER_SEED=$(or $(SEED),1) $(BIN)/python -m tests tests/acceptance/test_kill_keeping.py -s --timeout 7200 $(ARGS)

bench-members: .venv/.ready-dev ## A whole membership over HTTP as NDJSON, CSV and Parquet (MEMBERS=…)
	@$(BIN)/python benchmarks/bench_members.py --members $(or $(MEMBERS),300000) $(ARGS)

differential: .venv/.ready-dev ## N random cases against every judge (SEED=… repeats a run)
	@MUSTER_DIFFERENTIAL=$(or $(N),2000) $(BIN)/python -m tests tests/properties/test_differential.py $(if $(SEED),--hypothesis-seed=$(SEED))

opensearch: .venv/.ready-dev ## Run a local OpenSearch, and print what to export to use it
	@$(BIN)/python -m tests.servers.serve $@

elasticsearch: .venv/.ready-dev ## Run a local Elasticsearch, and print what to export to use it
	@$(BIN)/python -m tests.servers.serve $@

lock: .venv/.ready-dev ## Pin every dependency anew, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q pyproject.toml --all-extras --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade -o requirements-dev.lock
	@$(BIN)/uv pip compile -q pyproject.toml --all-extras --group build --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.lock -o requirements.lock

clean: ## Forget the environment and everything generated
	rm -rf .venv .demo .servers .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Muster needs Python 3.11 or later: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv

.venv/.ready: requirements.lock pyproject.toml | .venv/bin/python
	@test -f .venv/.ready-dev || { echo "setting up .venv (once)"; $(PIP) -r requirements.lock; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "setting up .venv with test tools (once)"
	@$(PIP) -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/.ready
