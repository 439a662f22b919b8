/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linked/linked.h - the catalogue as linked data, by the Core Public Service Vocabulary Application
 * Profile (CPSV-AP 3.2, semiceu.github.io/CPSV-AP/releases/3.2.0), in JSON-LD 1.1.
 *
 * One graph: the catalogue as a dcat:Dataset, each listed item as a cpsv:PublicService with its
 * competent authority, legal resources and rules, requirements, kinds of evidence, outputs,
 * channels, cost, contact point and processing time, and each topic and bundle as the event that
 * groups services. Context and prefixes stand in the document, so nothing need be fetched to read it.
 * Names of resources are addresses below the service's own: <base>/s/KEY is the guide of an item.
 *
 * The processing time is the promise; the profile knows days, so working days are told as days.
 * Memory: the Arena passed. Threads: pure. Limits: those of the catalogue.
 */
#pragma once

#include "catalogue/catalogue.h"

Value *linked_catalogue(Arena *out, const Catalogue *c, Str base);
