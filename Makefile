# Everything that is done to the repository. `make test` is what CI runs.

JDK := $(shell bin/find-jdk)
MVN := JAVA_HOME="$(JDK)" mvn -B -ntp
VERSION := $(shell sed -n 's|.*<version>\(.*\)</version>.*|\1|p' pom.xml | head -n 1)
JVM_ARGS := $(shell sed -n 's|.*<jvm.native.args>\(.*\)</jvm.native.args>.*|\1|p' pom.xml)
DIST := dist/retort-$(VERSION)

.PHONY: test format bench dist docs clean jdk

# Format, static checks and all tests.
test: jdk
	$(MVN) verify

format: jdk
	$(MVN) spotless:apply

# Student against baseline over SEEDS seeds: make bench RECIPE=recipes/banking77.yaml
RECIPE = recipes/banking77.yaml
SEEDS = 5
bench: jdk
	$(MVN) -q -pl bench -am -Dmaven.test.skip=true package \
	  dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
	OMP_WAIT_POLICY=passive GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
	ONEDNN_PRIMITIVE_CACHE_CAPACITY=64 LRU_CACHE_CAPACITY=32 "$(JDK)/bin/java" $(JVM_ARGS) \
	  -cp "bench/target/classes:$$(cat bench/target/classpath.txt)" \
	  dev.retort.bench.RetentionBench "$(RECIPE)" $(SEEDS) bench/target/run

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
	mkdir -p app/target
	./retort reference > app/target/reference.md
	./retort reference --schema > app/target/schema.json
	./retort reference --synthesis > app/target/synthesis.md
	mv app/target/reference.md docs/recipe-reference.md
	mv app/target/synthesis.md docs/synthesis-reference.md
	mv app/target/schema.json docs/recipe.schema.json

clean: jdk
	$(MVN) clean
	rm -rf dist

jdk:
	@test -n "$(JDK)"
