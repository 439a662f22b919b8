/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_rows.h - decision models as rows of a table: pieces of DMN, what is asked, what is wanted.
 */
#pragma once

#include "check.h"

#include "engine/rules/rules.h"

#define HEAD                                                                                       \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"d\" name=\"D\" "     \
    "namespace=\"main\">"                                                                          \
    "<inputData id=\"x\" name=\"x\"><variable name=\"x\"/></inputData>"                            \
    "<inputData id=\"n\" name=\"n\"><variable name=\"n\" typeRef=\"number\"/></inputData>"         \
    "<inputData id=\"g\" name=\"g\"><variable name=\"g\" typeRef=\"tGrade\"/></inputData>"         \
    "<inputData id=\"dd\" name=\"day\"><variable name=\"day\" typeRef=\"date\"/></inputData>"      \
    "<itemDefinition name=\"tGrade\"><typeRef>string</typeRef><allowedValues><text>\"a\",\"b\","   \
    "\"c\"</text></allowedValues></itemDefinition>"                                                \
    "<itemDefinition name=\"tGrades\" isCollection=\"true\"><typeRef>tGrade</typeRef>"             \
    "</itemDefinition>"                                                                            \
    "<itemDefinition name=\"tTwo\" "                                                               \
    "isCollection=\"true\"><typeRef>number</typeRef><typeConstraint>"                              \
    "<text>count(?) = 2</text></typeConstraint></itemDefinition>"                                  \
    "<itemDefinition name=\"tSmall\"><typeRef>number</typeRef><allowedValues><text>[0..9]</text>"  \
    "</allowedValues></itemDefinition>"                                                            \
    "<itemDefinition name=\"tDigit\"><typeRef>tSmall</typeRef><allowedValues><text>[5..20]</text>" \
    "</allowedValues></itemDefinition>"                                                            \
    "<itemDefinition name=\"tTree\"><itemComponent name=\"v\"><typeRef>number</typeRef>"           \
    "</itemComponent><itemComponent name=\"kids\" isCollection=\"true\"><typeRef>tTree</typeRef>"  \
    "</itemComponent></itemDefinition>"                                                            \
    "<itemDefinition name=\"tFn\"><functionItem outputTypeRef=\"number\"><parameters name=\"a\" "  \
    "typeRef=\"number\"/></functionItem></itemDefinition>"
#define NEED(what, id)                                                                             \
    "<informationRequirement><required" what " href=\"#" id "\"/></informationRequirement>"
#define KNOW(id)                                                                                   \
    "<knowledgeRequirement><requiredKnowledge href=\"#" id "\"/></knowledgeRequirement>"
#define ALL NEED("Input", "x") NEED("Input", "n") NEED("Input", "g") NEED("Input", "dd")
#define TYPED(id, type, inner)                                                                     \
    "<decision id=\"" id "\" name=\"" id "\"><variable name=\"" id "\" typeRef=\"" type            \
    "\"/>" ALL inner "</decision>"
#define DECISION(id, inner)                                                                        \
    "<decision id=\"" id "\" name=\"" id "\"><variable name=\"" id "\"/>" ALL inner "</decision>"
#define LIT(feel) "<literalExpression><text>" feel "</text></literalExpression>"
#define ENTRY(name, inner) "<contextEntry><variable name=\"" name "\"/>" inner "</contextEntry>"
#define LAST(inner) "<contextEntry>" inner "</contextEntry>"
#define IN(feel) "<input><inputExpression><text>" feel "</text></inputExpression></input>"
#define RULE(in, out)                                                                              \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out                    \
    "</text></outputEntry></rule>"
#define RULE2(in, a, b)                                                                            \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" a                      \
    "</text></outputEntry><outputEntry><text>" b "</text></outputEntry></rule>"
#define VALUES(feel) "<outputValues><text>" feel "</text></outputValues>"
#define TABLE(attrs, inner) "<decisionTable " attrs ">" inner "</decisionTable>"
#define BKM(id, inner)                                                                             \
    "<businessKnowledgeModel id=\"" id "\" name=\"" id "\"><variable name=\"" id                   \
    "\"/><encapsulatedLogic>" inner "</encapsulatedLogic>" KNOW(id) "</businessKnowledgeModel>"
#define PARAM(name, type) "<formalParameter name=\"" name "\" typeRef=\"" type "\"/>"

typedef struct {
    const char *name, *body, *input, *want; /* want "null: …": with a part of the reason */
} Row;
#define SERVICE(id, inner)                                                                         \
    "<decisionService id=\"" id "\" name=\"" id "\"><variable name=\"" id "\"/>" inner             \
    "</decisionService>"
#define OUT(id) "<outputDecision href=\"#" id "\"/>"
#define ONE_TWO RULE("&gt; 0", "1") RULE("&gt; 1", "2") RULE("&lt; 0", "1")

/* The value of a FEEL text. */
FeelValue rows_feel(Arena *a, const char *text);
const DmnModel *rows_model(Arena *a, const char *body, DmnMode mode);
/* Each row asks for decision "r", without a trace and with one. */
void rows_run(const Row *rows, size_t count, DmnMode mode);
