# Everything that is done to the repository. `make test` is what CI runs.

JDK := $(shell bin/find-jdk)
MVN := JAVA_HOME="$(JDK)" mvn -B -ntp
VERSION := $(shell sed -n 's|.*<version>\(.*\)</version>.*|\1|p' pom.xml | head -n 1)
DIST := dist/retort-$(VERSION)

.PHONY: test format bench dist docs clean jdk

# Format, static checks and all tests.
test: jdk
	$(MVN) verify

format: jdk
	$(MVN) spotless:apply

# Builds the benchmarks; docs/benchmarks.md has the command of each.
bench: jdk
	$(MVN) -pl bench -am -Dmaven.test.skip=true package dependency:build-classpath \
	  -Dmdep.outputFile=target/classpath.txt

# A folder that runs wherever there is a JDK.
dist: jdk
	rm -rf app/target/lib "$(DIST)"
	$(MVN) -pl app -am -Dmaven.test.skip=true package
	mkdir -p "$(DIST)/bin"
	cp retort bin/find-jdk "$(DIST)/bin/"
	cp -R app/target/lib recipes LICENSE README.md "$(DIST)/"
	@echo "$(DIST)/bin/retort"

# What is made from the records that hold recipes.
docs:
	./retort reference > docs/recipe-reference.md
	./retort reference --schema > docs/recipe.schema.json

clean: jdk
	$(MVN) clean
	rm -rf dist

jdk:
	@test -n "$(JDK)"
