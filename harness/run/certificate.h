// SPDX-License-Identifier: MIT
//
// certificate.json: what `serialbench certify` found, kept by machine so that
// later runs on it find it.
#ifndef SERIALBENCH_CERTIFICATE_H
#define SERIALBENCH_CERTIFICATE_H

#include <jansson.h>

#include "environment.h"
#include "error_text.h"
#include "worker_digest.h"

#define CERTIFICATE_SCHEMA 2
#define CERTIFICATE_ID 17 /* bytes with its NUL */
#define CERTIFICATE_PATH 4096
#define CERTIFICATE_DESIGN 80

/* How experiments are made: a certificate says it, and one that was made
 * otherwise does not hold. */
#define CERTIFY_ALPHA 0.05

/* Of the turns that make an experiment, in every size. Longer than a run's: of
 * identical code on a quiet machine turns of 100 us tie, to the clock's quantum
 * of some 10 ns, and fewer intervals miss than the exact level says. */
#define CERTIFY_TURN_US 300
#define CERTIFY_ROUNDS 7
#define CERTIFY_PLANTED_ROUNDS 15

/* Counts the changes of the relay, the pilot, the rule by which rounds are left
 * out, the interval: of what a certificate is of, beside the workers. */
#define CERTIFY_DESIGN_VERSION 3

/* What a certificate is of, beside the machine. */
struct certificate_subject {
	char workers[WORKER_DIGEST]; /* worker_digest() */
	char design[CERTIFICATE_DESIGN]; /* how experiments are made */
};

/* That of this program. 0, or -1 with one line in error. */
int certificate_subject(
	struct certificate_subject *subject, struct error *error);

/* A hash of what the machine is (processor, topology, memory, hypervisor): not
 * of its name, and the same after a reboot. */
void certificate_machine(
	const struct topology *topology, char id[CERTIFICATE_ID]);

/* <folder>/<machine id>.json, where later runs look. */
void certificate_path(
	char path[CERTIFICATE_PATH], const char *folder, const char *machine);

/* <folder>/<machine id>.csv, the experiments of that certificate. */
void certificate_experiments(
	char path[CERTIFICATE_PATH], const char *folder, const char *machine);

/* The name of the experiments in a run's directory. */
#define CERTIFICATE_EXPERIMENTS "certificate.csv"

/* Copies a file; `to` is whole or as it was. 0, or -1 with errno. */
int certificate_copy(const char *from, const char *to);

/* The folder of certificates that stands beside a folder of runs. */
void certificate_folder(char folder[CERTIFICATE_PATH], const char *runs);

/*
 * The certificate of this machine and subject; the caller calls json_decref().
 * NULL with one line in why[]: there is none, it is damaged, or of another
 * machine, of other workers or of another design.
 */
json_t *certificate_find(const char *folder, const struct topology *topology,
	const struct certificate_subject *subject, struct error *why);

/* "false positives 4.5 % (nominal 4.28), sees 2 % in 2 s" */
const char *certificate_line(const json_t *certificate);

/* The margin, or the smallest effect that the machine can see where that is
 * larger. `certificate` may be NULL: the margin. */
double certificate_margin(const json_t *certificate, double margin);

/*
 * The same for a run that was made, by its meta.json (NULL: none): its
 * machine's smallest effect where that is larger than the limit that `command`
 * was given, which a line on stderr then says.
 */
double certificate_widen(
	const char *command, const char *run, const json_t *meta, double limit);

#endif /* SERIALBENCH_CERTIFICATE_H */
