/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine: a stack of values, slots for names, loops for iteration. No recursion, no
 * allocation but for results: the frame of a small program stands on the C stack.
 *
 * A loop is a cursor over a list or a range; a gathering loop (for, some, every) has none of its
 * own, but keeps what the innermost body gives. Each step costs one; lengths cost more where they
 * arise.
 */
#include "feel/feel_int.h"

enum { SMALL_FRAME = 40, SMALL_LOOPS = 4 };

typedef struct {
    const FeelValue *items; /* NULL: a range of whole numbers or dates */
    size_t at, count;
    int64_t first, step; /* of a range */
    bool is_date;
    bool failed; /* of a gathering loop: a source was no list */
    bool probe;  /* a filter over nothing: the condition is asked once */
    FeelValue current, verdict;
    Values results;
} Loop;

typedef struct {
    FeelBudget *budget;
    const FeelProgram *p;
    const FeelScope *scope;
    FeelValue *stack; /* next free */
    FeelValue *slots;
    Loop *loops;
    uint32_t pc;
} Vm;

/* A variable goes before a built-in of its name. */
static FeelValue scope_find(Vm *vm, Str name)
{
    for (const FeelScope *s = vm->scope; s; s = s->outer) {
        const FeelValue *v = s->context ? budget_get(vm->budget, s->context, name) : NULL;
        if (v) {
            return *v;
        }
    }
    const Builtin *b = builtin_find(name);
    return b ? builtin_value(vm->budget->out, b)
             : feel_reason(vm->budget->out, "no value for '" STR_FMT "'", STR_ARG(name));
}

static void push(Vm *vm, FeelValue v)
{
    *vm->stack++ = v;
}

static FeelValue pop(Vm *vm)
{
    return *--vm->stack;
}

static bool is_bool(const FeelValue *v, bool truth)
{
    return v->kind == FEEL_BOOLEAN && v->truth == truth;
}

/* ---- logic ---- */

static FeelValue logic(Vm *vm, Op op, const FeelValue *x, const FeelValue *y)
{
    bool strong = op == OP_OR; /* the truth that decides alone */
    if (is_bool(x, strong) || is_bool(y, strong)) {
        return feel_bool(strong);
    }
    if (is_bool(x, !strong) && is_bool(y, !strong)) {
        return feel_bool(!strong);
    }
    const FeelValue *odd = x->kind == FEEL_BOOLEAN ? y : x;
    if (odd->kind == FEEL_NULL) {
        return *odd;
    }
    return feel_reason(vm->budget->out, "%s of a %s", op == OP_OR ? "or" : "and",
                       feel_kind_name(odd->kind));
}

static FeelValue between(Vm *vm, const FeelValue *v)
{
    FeelValue low = op_compare(vm->budget, OP_GE, &v[0], &v[1]);
    FeelValue high = op_compare(vm->budget, OP_LE, &v[0], &v[2]);
    return logic(vm, OP_AND, &low, &high);
}

static FeelValue truth_of(Vm *vm, const FeelValue *v)
{
    if (v->kind == FEEL_BOOLEAN || v->kind == FEEL_NULL) {
        return *v;
    }
    return feel_reason(vm->budget->out, "a condition is a %s", feel_kind_name(v->kind));
}

/* ---- building ---- */

static FeelValue make_list(Vm *vm, uint32_t count)
{
    vm->stack -= count;
    if (!budget_take(vm->budget, count)) {
        return feel_null();
    }
    FeelValue *items = NEW_N(vm->budget->out, FeelValue, count + 1);
    memcpy(items, vm->stack, count * sizeof *items);
    return value_list_of(items, count);
}

static FeelValue make_context(Vm *vm, const Ins *i)
{
    vm->stack -= i->b;
    FeelEntry *entries = NEW_N(vm->budget->out, FeelEntry, i->b + 1);
    FeelContext *c = NEW(vm->budget->out, FeelContext);
    for (uint32_t k = 0; k < i->b; k++) {
        entries[k] = (FeelEntry){vm->p->names[i->a + k], vm->stack[k]};
    }
    *c = (FeelContext){entries, i->b};
    return feel_context(c);
}

/* flag: 1 start included, 2 end included, 4 steps of a loop, which may go down. */
static FeelValue make_range(Vm *vm, const Ins *i)
{
    FeelValue end = pop(vm), start = pop(vm);
    int order = 0;
    bool steps = (i->flag & 4) != 0;
    bool open = start.kind == FEEL_NULL || end.kind == FEEL_NULL;
    if (!open && i->a < FEEL_EQUAL &&
        (!budget_compare(vm->budget, &start, &end) || !value_order(&start, &end, &order))) {
        return feel_reason(vm->budget->out, "a range from %s to %s", feel_kind_name(start.kind),
                           feel_kind_name(end.kind));
    }
    if (order > 0 && !steps) {
        return feel_reason(vm->budget->out, "a range that ends before it starts");
    }
    FeelRange *r = NEW(vm->budget->out, FeelRange);
    *r = (FeelRange){(FeelRangeKind)i->a, start, end, (i->flag & 1) != 0, (i->flag & 2) != 0};
    return (FeelValue){.kind = FEEL_RANGE, .range = r};
}

/* ---- loops ---- */

static bool range_bounds(const FeelRange *r, int64_t *from, int64_t *to, bool *is_date)
{
    *is_date = r->start.kind == FEEL_DATE && r->end.kind == FEEL_DATE;
    if (*is_date) {
        *from = date_days(r->start.date);
        *to = date_days(r->end.date);
        return true;
    }
    return r->start.kind == FEEL_NUMBER && r->end.kind == FEEL_NUMBER &&
           decimal_is_integer(r->start.number) && decimal_is_integer(r->end.number) &&
           decimal_int(r->start.number, from) && decimal_int(r->end.number, to) &&
           *from > -INT64_C(1000000000000000) && *to < INT64_C(1000000000000000) &&
           *to > -INT64_C(1000000000000000) && *from < INT64_C(1000000000000000);
}

static bool open_range(Loop *l, const FeelRange *r)
{
    int64_t from = 0, to = 0;
    if (!range_bounds(r, &from, &to, &l->is_date)) {
        return false;
    }
    l->step = from <= to ? 1 : -1;
    l->first = from + (r->start_included ? 0 : l->step);
    int64_t last = to - (r->end_included ? 0 : l->step);
    int64_t count = (last - l->first) * l->step + 1;
    l->items = NULL;
    l->count = count > 0 ? (size_t)count : 0;
    return true;
}

static void open_loop(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag], *gather = &vm->loops[i->b];
    FeelValue v = pop(vm);
    l->at = 0;
    l->probe = false;
    if (v.kind == FEEL_RANGE) {
        if (open_range(l, v.range)) {
            return;
        }
        v = feel_reason(vm->budget->out, "a loop runs over whole numbers or dates");
    }
    if (v.kind != FEEL_LIST) {
        gather->failed = true;
        gather->verdict = v.kind == FEEL_NULL ? v
                                              : feel_reason(vm->budget->out, "a loop over a %s",
                                                            feel_kind_name(v.kind));
        v = value_list_of(NULL, 0);
    }
    static const FeelValue none[1];
    l->items = v.list.items ? v.list.items : none;
    l->count = v.list.count;
}

static void open_sieve(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag];
    FeelValue v = pop(vm);
    FeelValue *one = NEW(vm->budget->out, FeelValue);
    *one = v;
    *l = (Loop){.items = one, .count = 1};
    if (v.kind == FEEL_LIST && v.list.count > 0) {
        l->items = v.list.items;
        l->count = v.list.count;
    } else if (v.kind == FEEL_LIST || v.kind == FEEL_NULL) {
        l->probe = true;
        *one = feel_null();
    }
}

static bool next_item(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag];
    if (l->at >= l->count) {
        return false;
    }
    if (l->items) {
        l->current = l->items[l->at];
    } else {
        int64_t n = l->first + (int64_t)l->at * l->step;
        FeelDate d = {0};
        l->current = l->is_date && date_of_days(n, &d) ? feel_date(d) : feel_int(n);
    }
    l->at++;
    vm->slots[i->b] = l->current;
    return true;
}

static void keep(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag];
    *VEC_PUSH(vm->budget->out, &l->results) = pop(vm);
    if (i->b != FEEL_NOTHING) {
        vm->slots[i->b] = value_list_of(l->results.at, l->results.len);
    }
}

/* true when the verdict is settled. */
static bool judge(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag];
    FeelValue v = pop(vm);
    l->verdict = logic(vm, i->b ? OP_AND : OP_OR, &l->verdict, &v);
    return is_bool(&l->verdict, i->b == 0);
}

/* true when the condition was a number: then the filter is an index. */
static bool sift(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag];
    FeelValue v = pop(vm);
    if (v.kind == FEEL_NUMBER) {
        FeelValue list = value_list_of(l->items, l->probe ? 0 : l->count);
        l->failed = true;
        l->verdict = op_index(vm->budget, &list, v.number);
        return true;
    }
    if (is_bool(&v, true) && !l->probe) {
        *VEC_PUSH(vm->budget->out, &l->results) = l->current;
    }
    return false;
}

static FeelValue loop_result(Vm *vm, const Ins *i)
{
    Loop *l = &vm->loops[i->flag];
    budget_take(vm->budget, l->results.len);
    return l->failed ? l->verdict : value_list_of(l->results.at, l->results.len);
}

static FeelValue judged(Vm *vm, const Ins *i)
{
    return vm->loops[i->flag].verdict;
}

static void start_gather(Vm *vm, const Ins *i)
{
    vm->loops[i->flag] = (Loop){0};
    vm->slots[i->b] = value_list_of(NULL, 0);
}

/* ---- one step ---- */

static void step_call(Vm *vm, const Ins *i)
{
    vm->stack -= i->b;
    vm->budget->prepared = i->flag > 0 ? vm->p->patterns[i->flag - 1] : NULL;
    FeelValue v = builtin_call(vm->budget, i->a, vm->stack, i->b);
    vm->budget->prepared = NULL;
    push(vm, v);
}

/* Arguments by the function's own parameter names; what has no name there makes a null. */
static FeelValue invoke_named(Vm *vm, const Ins *i, const FeelValue *function)
{
    const FeelValue *args = function + 1;
    const FeelNames *params = function->kind == FEEL_FUNCTION ? function->function->params : NULL;
    if (!params) {
        return feel_invoke(vm->budget, function, args, i->b);
    }
    FeelValue *placed = NEW_N(vm->budget->out, FeelValue, params->count + 1);
    bool *is_placed = NEW_N(vm->budget->out, bool, params->count + 1);
    for (uint32_t k = 0; k < i->b; k++) {
        Str name = vm->p->names[i->a + k];
        size_t at = 0;
        while (at < params->count && !str_eq(params->at[at].name, name)) {
            at++;
        }
        if (at == params->count || i->b != params->count || is_placed[at]) {
            return feel_reason(vm->budget->out, "no parameter '" STR_FMT "'", STR_ARG(name));
        }
        placed[at] = args[k];
        is_placed[at] = true;
    }
    return feel_invoke(vm->budget, function, placed, params->count);
}

static void step_invoke(Vm *vm, const Ins *i)
{
    vm->stack -= i->b;
    FeelValue *function = vm->stack - 1;
    *function = i->flag ? invoke_named(vm, i, function)
                        : feel_invoke(vm->budget, function, function + 1, i->b);
}

/* The scope as the function will need it when its maker has returned. */
static const FeelScope *kept_scope(Arena *out, const FeelScope *scope)
{
    size_t count = 0;
    for (const FeelScope *s = scope; s; s = s->outer) {
        count++;
    }
    FeelScope *made = NEW_N(out, FeelScope, count + 1);
    FeelValue *inputs = NEW_N(out, FeelValue, count + 1);
    for (size_t i = 0; i < count; i++) {
        made[i].context = scope->context;
        made[i].outer = i + 1 < count ? &made[i + 1] : NULL;
        if (scope->input) {
            inputs[i] = *scope->input;
            made[i].input = &inputs[i];
        }
        scope = scope->outer;
    }
    return count > 0 ? made : NULL;
}

static void step_closure(Vm *vm, const Ins *i)
{
    const FunctionText *text = &vm->p->functions[i->a];
    Arena *out = vm->budget->out;
    FeelFunction *f = NEW(out, FeelFunction);
    FeelValue *captured = NEW_N(out, FeelValue, text->body->capture_count + 1);
    for (uint32_t k = 0; k < text->body->capture_count; k++) {
        captured[k] = vm->slots[text->captures[k].from];
    }
    *f = (FeelFunction){.params = text->params,
                        .body = text->body,
                        .scope = kept_scope(out, vm->scope),
                        .captured = captured};
    push(vm, (FeelValue){.kind = FEEL_FUNCTION, .function = f});
}

static void step_between(Vm *vm)
{
    vm->stack -= 2;
    vm->stack[-1] = between(vm, vm->stack - 1);
}

static void step_member(Vm *vm, const Ins *i)
{
    const FeelValue *item = &vm->slots[i->b];
    const FeelValue *v = item->kind == FEEL_CONTEXT
                             ? budget_get(vm->budget, item->context, vm->p->names[i->a])
                             : NULL;
    if (v) {
        push(vm, *v);
    } else {
        vm->pc++;
    }
}

static void step_input(Vm *vm)
{
    push(vm, vm->scope && vm->scope->input ? *vm->scope->input : feel_null());
}

static void step_not(Vm *vm)
{
    FeelValue *top = vm->stack - 1;
    *top = top->kind == FEEL_BOOLEAN ? feel_bool(!top->truth) : *top;
}

static void step_jump_unless(Vm *vm, const Ins *i)
{
    FeelValue v = pop(vm);
    vm->pc = is_bool(&v, true) ? vm->pc : i->a;
}

static FeelValue binary(Vm *vm, Op op, const FeelValue *x, const FeelValue *y)
{
    if (op <= OP_POW) {
        return op_arithmetic(vm->budget, op, x, y);
    }
    if (op == OP_IN) {
        return op_in(vm->budget, x, y);
    }
    if (op == OP_AND || op == OP_OR) {
        return logic(vm, op, x, y);
    }
    return op == OP_INDEX ? op_index(vm->budget, x, y->number) : op_compare(vm->budget, op, x, y);
}

static void step_binary(Vm *vm, Op op)
{
    vm->stack--;
    vm->stack[-1] = binary(vm, op, vm->stack - 1, vm->stack);
}

static void step(Vm *vm, const Ins *i)
{
    FeelValue *top = vm->stack - 1;
    switch ((Op)i->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_POW:
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_IN:
    case OP_AND:
    case OP_OR:
    case OP_INDEX: step_binary(vm, (Op)i->op); break;
    case OP_CONST: push(vm, vm->p->consts[i->a]); break;
    case OP_NAME: push(vm, scope_find(vm, vm->p->names[i->a])); break;
    case OP_INPUT: step_input(vm); break;
    case OP_SLOT: push(vm, vm->slots[i->b]); break;
    case OP_STORE: vm->slots[i->b] = pop(vm); break;
    case OP_MEMBER: step_member(vm, i); break;
    case OP_PATH: *top = op_path(vm->budget, top, vm->p->names[i->a]); break;
    case OP_NEGATE: *top = op_negate(vm->budget, top); break;
    case OP_BETWEEN: step_between(vm); break;
    case OP_IS_TRUE: *top = truth_of(vm, top); break;
    case OP_NOT: step_not(vm); break;
    case OP_JUMP: vm->pc = i->a; break;
    case OP_JUMP_IF: vm->pc = is_bool(top, i->flag != 0) ? i->a : vm->pc; break;
    case OP_JUMP_UNLESS: step_jump_unless(vm, i); break;
    case OP_LIST: push(vm, make_list(vm, i->a)); break;
    case OP_CONTEXT: push(vm, make_context(vm, i)); break;
    case OP_RANGE: push(vm, make_range(vm, i)); break;
    case OP_CALL: step_call(vm, i); break;
    case OP_INVOKE: step_invoke(vm, i); break;
    case OP_CLOSURE: step_closure(vm, i); break;
    case OP_INSTANCE:
        *top = feel_bool(value_instance_of(vm->budget, top, vm->p->types[i->a]));
        break;
    case OP_GATHER: start_gather(vm, i); break;
    case OP_DECIDE: vm->loops[i->flag] = (Loop){.verdict = feel_bool(i->b != 0)}; break;
    case OP_OPEN: open_loop(vm, i); break;
    case OP_NEXT: vm->pc = next_item(vm, i) ? vm->pc : i->a; break;
    case OP_KEEP: keep(vm, i); break;
    case OP_GATHERED:
    case OP_SIFTED: push(vm, loop_result(vm, i)); break;
    case OP_JUDGE: vm->pc = judge(vm, i) ? i->a : vm->pc; break;
    case OP_JUDGED: push(vm, judged(vm, i)); break;
    case OP_SIEVE: open_sieve(vm, i); break;
    case OP_SIFT: vm->pc = sift(vm, i) ? i->a : vm->pc; break;
    case OP_END: break;
    }
}

/* args fill the first slots, what the function has captured the next. */
static FeelValue execute(FeelBudget *b, const FeelProgram *p, const FeelScope *scope,
                         const FeelValue *args, size_t count, const FeelValue *captured)
{
    FeelValue small[SMALL_FRAME];
    Loop small_loops[SMALL_LOOPS];
    size_t frame = (size_t)p->slot_count + p->stack_max;
    Vm vm = {.budget = b, .p = p, .scope = scope};
    vm.slots = frame <= SMALL_FRAME ? small : NEW_N(b->out, FeelValue, frame);
    vm.loops = p->loop_count <= SMALL_LOOPS ? small_loops : NEW_N(b->out, Loop, p->loop_count);
    vm.stack = vm.slots + p->slot_count;
    memset(vm.slots, 0, p->slot_count * sizeof *vm.slots);
    memset(vm.loops, 0, p->loop_count * sizeof *vm.loops);
    if (count > 0) {
        memcpy(vm.slots, args, count * sizeof *args);
    }
    for (uint32_t k = 0; k < p->capture_count; k++) {
        vm.slots[p->captures[k].to] = captured[k];
    }
    const Ins *i = p->code;
    while (i->op != OP_END) {
        if (!budget_take(b, 1)) {
            return feel_null();
        }
        vm.pc++;
        step(&vm, i);
        i = &p->code[vm.pc];
    }
    return vm.stack[-1];
}

FeelValue feel_run(FeelBudget *b, const FeelProgram *p, const FeelScope *scope)
{
    return execute(b, p, scope, NULL, 0, NULL);
}

bool feel_eval(Arena *out, const FeelProgram *p, const FeelScope *scope, uint32_t max_steps,
               FeelValue *value, Err *err)
{
    FeelLimits limits = {.steps = max_steps};
    FeelBudget b = feel_budget(out, &limits);
    *value = feel_run(&b, p, scope);
    return feel_within(&b, err);
}

/* ---- functions ---- */

static FeelValue call_body(FeelBudget *b, const FeelFunction *f, const FeelValue *args)
{
    if (!budget_enter(b)) {
        return feel_null();
    }
    FeelValue v = f->host ? f->host(b, f, args)
                          : execute(b, f->body, f->scope, args, f->params->count, f->captured);
    budget_leave(b);
    return feel_fit(b, &v, f->result);
}

/* sort may be given sort: built-ins call each other, too. */
static FeelValue call_builtin(FeelBudget *b, const FeelFunction *f, const FeelValue *args,
                              size_t count)
{
    if (!budget_enter(b)) {
        return feel_null();
    }
    FeelValue v = builtin_call(b, f->builtin, args, count);
    budget_leave(b);
    return v;
}

FeelValue feel_invoke(FeelBudget *b, const FeelValue *function, const FeelValue *args, size_t count)
{
    if (function->kind != FEEL_FUNCTION) {
        return function->kind == FEEL_NULL && function->reason
                   ? *function
                   : feel_reason(b->out, "a %s is no function", feel_kind_name(function->kind));
    }
    const FeelFunction *f = function->function;
    if (!f->body && !f->host) {
        return call_builtin(b, f, args, count);
    }
    if (count != f->params->count) {
        return feel_reason(b->out, "the function takes %zu values, not %zu", f->params->count,
                           count);
    }
    FeelValue *fitted = NEW_N(b->out, FeelValue, count + 1);
    for (size_t i = 0; i < count; i++) {
        fitted[i] = feel_fit(b, &args[i], f->params->at[i].type);
        if (fitted[i].kind == FEEL_NULL && args[i].kind != FEEL_NULL) {
            return fitted[i];
        }
    }
    return call_body(b, f, fitted);
}
