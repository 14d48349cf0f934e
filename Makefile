# Everything a person does often. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test build lint format bench soak

help: ## this list
	@echo "make <target>:"
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  \1\t\2/' | expand -t 12
	@echo "variables: DATA=DIR (run: where the data goes), ARGS='…' (run, bench: further options)"

run: ## build a release, walk the whole life of a code, stay up (DATA=DIR, ARGS=--exit)
	@./scripts/setup
	swift build -c release --product hufu
	.build/release/hufu demo $(if $(DATA),--data '$(DATA)') $(ARGS)

test: ## set up, build and run every test
	@./scripts/setup --tests
	@./scripts/test

build: ## debug build of everything, tests included
	swift build --build-tests

lint: ## formatting and house-keeping, as strict as CI
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@tracked=$$(git ls-files Package.resolved .build 2>/dev/null | head -n 3); \
	if [ -n "$$tracked" ]; then echo "must not be tracked by git: $$tracked" >&2; exit 1; fi
	@echo "lint: clean"

format: ## rewrite the Swift files as the lint wants them
	swift format --in-place --recursive --parallel Sources Tests Package.swift

bench: ## release build and every benchmark (ARGS=--json)
	@./scripts/setup
	swift build -c release --product hufu
	.build/release/hufu bench all $(ARGS)

soak: ## the long form of the tests: 1,000 rounds of kill -9 under load, 10,000 settlements under every fault
	@./scripts/setup --tests
	@HUFU_SOAK=1 HUFU_SOAK_ROUNDS=$${HUFU_SOAK_ROUNDS:-1000} ./scripts/test
