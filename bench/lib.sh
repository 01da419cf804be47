# Sourced by bench/run and bench/faults, in the project's directory: builds what they run.

readonly bench_lib="$home/.build/bench/lib"

# All jars into $bench_lib; what was wrong goes to standard error.
build_bench() {
  mkdir -p "$home/.build"
  rm -rf "$bench_lib"
  if ! run_maven -Pquick -Dkeyturn.build=target/launch -DskipTests -pl bench -am package \
    org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$bench_lib" -Dmdep.prependGroupId=true >"$home/.build/bench.log" 2>&1; then
    grep -E '^\[ERROR\]|^\[FATAL\]' "$home/.build/bench.log" | head -n 40 >&2
    return 1
  fi
  cp "$home"/bench/target/launch/keyturn-bench-*.jar "$bench_lib/"
}
