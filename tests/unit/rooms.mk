# Which rooms each unit test binary links: its own and those below that it uses.
NEEDS_base      := base
NEEDS_json      := base json
NEEDS_yaml      := base yaml
NEEDS_xml       := base xml
NEEDS_html      := base json html
NEEDS_http      := base http
NEEDS_feel      := base feel
NEEDS_pdf       := base qr pdf
NEEDS_qr        := base qr
NEEDS_csv       := base csv
NEEDS_fetch     := base fetch
NEEDS_model     := base json yaml xml feel model
NEEDS_catalogue := base json yaml xml feel html csv model catalogue
NEEDS_engine    := base json yaml xml feel model engine
NEEDS_store     := base json store
NEEDS_services  := base json yaml xml html feel csv pdf qr fetch model catalogue engine store services
NEEDS_web       := $(ROOMS)
FUZZ_NEEDS_json      := json
FUZZ_NEEDS_csv       := csv
FUZZ_NEEDS_yaml      := yaml
FUZZ_NEEDS_xml       := xml
FUZZ_NEEDS_mustache  := html json
FUZZ_NEEDS_http_form  := http
FUZZ_NEEDS_http_head  := http
BENCH_NEEDS_json     := json
BENCH_NEEDS_html     := json html
BENCH_NEEDS_feel     := feel
BENCH_NEEDS_dmn      := json yaml xml feel model engine
BENCH_NEEDS_search   := json yaml xml feel html model catalogue
BENCH_NEEDS_flow     := json yaml xml feel model engine
BENCH_NEEDS_flow_durable := json yaml xml feel model engine store
BENCH_NEEDS_submit_raw := json store
FUZZ_NEEDS_feel      := feel
FUZZ_LIB_feel        := mutate again
FUZZ_NEEDS_feel_tests := feel
FUZZ_LIB_feel_tests  := mutate again
FUZZ_NEEDS_feel_temporal := feel
FUZZ_NEEDS_bpmn      := xml feel model
FUZZ_NEEDS_dmn       := xml feel model engine json
FUZZ_NEEDS_answer    := json xml feel model
FUZZ_NEEDS_flow_instance := json xml feel model engine
# Prints what expressions are: script/differential and script/purity.
$(B)/dmn-values: $(B)/tests/purity/decisions.o $(foreach r,$(NEEDS_engine),$(call room,$(r))) $(B)/gen/assets.o
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)
$(B)/feel-values: $(B)/tests/differential/values.o $(call room,base) $(call room,feel) $(B)/gen/assets.o
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)
FUZZ_NEEDS_feel_regex := feel
NEEDS_draw      := base xml feel model draw
NEEDS_sheet     := base csv json yaml xml feel model sheet
FUZZ_NEEDS_diagram   := xml feel model draw
