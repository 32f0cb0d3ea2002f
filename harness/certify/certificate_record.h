// SPDX-License-Identifier: MIT
//
// certificate.json from what `serialbench certify` found.
#ifndef SERIALBENCH_CERTIFICATE_RECORD_H
#define SERIALBENCH_CERTIFICATE_RECORD_H

#include <jansson.h>
#include <stdint.h>

#include "certificate.h"
#include "certify.h"

/* The record of the findings; the caller calls json_decref(). */
json_t *certificate_record(const struct certify *certify,
	const struct certificate_subject *subject, const char *preset,
	uint64_t seed, uint64_t start_unix_ns);

#endif /* SERIALBENCH_CERTIFICATE_RECORD_H */
