/* SPDX-License-Identifier: Apache-2.0 */
/* Short forms to BPMN. */
#include "flow_script.h"

#include "xml/xml.h"

static void add_escaped(StrBuf *b, Str s)
{
    xml_escape(b, s);
}

static void add_flow(StrBuf *b, Str rest)
{
    Str from = {0}, to = {0};
    str_split(&rest, ' ', &from);
    str_split(&rest, ' ', &to);
    buf_fmt(b,
            "<sequenceFlow id=\"" STR_FMT "-" STR_FMT "\" sourceRef=\"" STR_FMT
            "\" targetRef=\"" STR_FMT "\">",
            STR_ARG(from), STR_ARG(to), STR_ARG(from), STR_ARG(to));
    if (rest.len > 0) {
        BUF_LIT(b, "<conditionExpression>");
        add_escaped(b, rest);
        BUF_LIT(b, "</conditionExpression>");
    }
    BUF_LIT(b, "</sequenceFlow>\n");
}

static void add_task(StrBuf *b, const char *tag, Str rest, const char *extension)
{
    Str id = {0};
    str_split(&rest, ' ', &id);
    buf_fmt(b,
            "<%s id=\"" STR_FMT "\" " STR_FMT "><extensionElements>%s</extensionElements></%s>\n",
            tag, STR_ARG(id), STR_ARG(rest), extension, tag);
}

static void add_script(StrBuf *b, Str rest)
{
    Str id = {0}, variable = {0};
    str_split(&rest, ' ', &id);
    str_split(&rest, ' ', &variable);
    buf_fmt(b, "<scriptTask id=\"" STR_FMT "\"><extensionElements><zeebe:script expression=\"",
            STR_ARG(id));
    add_escaped(b, rest);
    buf_fmt(b, "\" resultVariable=\"" STR_FMT "\"/></extensionElements></scriptTask>\n",
            STR_ARG(variable));
}

static Str after(Str line, const char *word)
{
    return str_trim(str_slice(line, strlen(word), line.len));
}

Str flow_script_document(Arena *out, Str block)
{
    StrBuf b = buf_in(out);
    Str line = {0};
    BUF_LIT(&b, "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
                "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\">\n"
                "<message id=\"m1\" name=\"paid\"><extensionElements>"
                "<zeebe:subscription correlationKey=\"= order\"/></extensionElements></message>\n"
                "<message id=\"m2\" name=\"note\"/>\n"
                "<error id=\"e1\" errorCode=\"LATE\"/><error id=\"e2\" errorCode=\"BAD\"/>\n"
                "<signal id=\"g1\" name=\"alarm\"/>"
                "<escalation id=\"c1\" escalationCode=\"UP\"/>"
                "<process id=\"p\" isExecutable=\"true\">\n");
    while (str_split(&block, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, STR("flow "))) {
            add_flow(&b, after(line, "flow"));
        } else if (str_starts(line, STR("user "))) {
            add_task(&b, "userTask", after(line, "user"),
                     "<zeebe:assignmentDefinition candidateGroups=\"clerk\"/>");
        } else if (str_starts(line, STR("job "))) {
            add_task(&b, "serviceTask", after(line, "job"),
                     "<zeebe:taskDefinition type=\"work\"/>");
        } else if (str_starts(line, STR("script "))) {
            add_script(&b, after(line, "script"));
        } else {
            buf_add(&b, line);
            buf_char(&b, '\n');
        }
    }
    BUF_LIT(&b, "</process></definitions>\n");
    return buf_str(&b);
}
