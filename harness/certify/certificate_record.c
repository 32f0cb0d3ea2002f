// SPDX-License-Identifier: MIT
//
// The findings as JSON. What could not be estimated is null.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "certificate_record.h"
#include "clock.h"
#include "planted.h"

static void set_real(json_t *object, const char *name, double value)
{
	/* json_real() refuses what JSON cannot write. */
	json_t *real = isfinite(value) ? json_real(value) : json_null();

	json_object_set_new(object, name, real);
}

static void set_count(json_t *object, const char *name, uint64_t value)
{
	json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void set_flag(json_t *object, const char *name, bool value)
{
	json_object_set_new(object, name, json_boolean(value));
}

static json_t *count_record(const struct certify_false_positives *count)
{
	json_t *record = json_object();

	set_count(record, "threads", count->threads);
	set_count(record, "busy_processes", count->busy);
	set_count(record, "launches", count->launches);
	set_count(record, "experiments", count->experiments);
	set_count(record, "called_different", count->found);
	set_real(record, "rate", (double)count->found / count->experiments);
	set_real(record, "nominal", count->nominal);
	set_count(record, "band_low", count->band_low);
	set_count(record, "band_high", count->band_high);
	set_flag(record, "in_band", certify_in_band(count));
	set_real(record, "seconds", count->seconds);
	return record;
}

static json_t *count_records(
	const struct certify_false_positives *counts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, count_record(&counts[i]));
	return list;
}

static json_t *estimate_record(const struct certify_estimate *estimate)
{
	json_t *record = json_object();

	set_real(record, "ratio", estimate->ratio);
	set_real(record, "ci_low", estimate->low);
	set_real(record, "ci_high", estimate->high);
	set_real(record, "ci_level", estimate->level);
	set_count(record, "launches", estimate->launches);
	return record;
}

static json_t *layout_records(const struct certify_findings *findings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < findings->layout_count; i++) {
		const struct certify_layout *layout = &findings->layout[i];
		json_t *record = json_object(), *orders = json_array();

		set_count(record, "threads", layout->threads);
		set_count(record, "launches", layout->launches);
		set_count(record, "experiments", layout->experiments);
		set_count(record, "called_different", layout->found);
		set_real(record, "seconds", layout->seconds);
		json_object_set_new(
			record, "all", estimate_record(&layout->all));
		for (size_t k = 0; k < LINK_ORDERS; k++)
			json_array_append_new(
				orders, estimate_record(&layout->orders[k]));
		json_object_set_new(record, "link_orders", orders);
		json_array_append_new(list, record);
	}
	return list;
}

static json_t *power_record(const struct certify_power *power)
{
	json_t *record = json_object();

	set_real(record, "planted", power->planted);
	set_count(record, "steps", power->steps);
	json_object_set_new(record, "truth", estimate_record(&power->truth));
	set_real(record, "by_line", power->by_line);
	set_real(record, "by_count", power->by_count);
	set_count(record, "experiments", power->experiments);
	set_count(record, "found", power->found);
	return record;
}

static json_t *curve_records(const struct certify_findings *findings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < findings->curve_count; i++) {
		const struct certify_curve *curve = &findings->curves[i];
		json_t *record = json_object(), *sizes = json_array();

		set_count(record, "threads", curve->threads);
		set_real(record, "step_ns", curve->step_ns);
		set_real(record, "operation_ns", curve->operation_ns);
		set_real(record, "seconds", curve->seconds);
		set_real(record, "smallest_found", curve->smallest);
		for (size_t k = 0; k < CERTIFY_PLANTED; k++)
			json_array_append_new(
				sizes, power_record(&curve->sizes[k]));
		json_object_set_new(record, "sizes", sizes);
		json_array_append_new(list, record);
	}
	return list;
}

static json_t *bytes_records(const struct certify_findings *findings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < CERTIFY_SIZES; i++) {
		const struct certify_bytes *bytes = &findings->bytes[i];
		json_t *record = json_object();

		set_count(record, "size", bytes->size);
		set_count(record, "blocks", bytes->blocks);
		set_count(record, "planted_bytes_per_block", PLANTED_BYTES);
		set_count(record, "slot_bytes", bytes->plain);
		set_count(record, "slot_bytes_planted", bytes->padded);
		set_flag(record, "exact", bytes->exact);
		json_array_append_new(list, record);
	}
	return list;
}

static json_t *stall_record(const struct certify_stall *stall)
{
	json_t *record = json_object();

	set_real(record, "planted_ns", stall->planted_ns);
	set_count(record, "once_in", PLANTED_STALL_PERIOD);
	set_real(record, "clock_ns", stall->clock_ns);
	set_count(record, "launches", stall->launches);
	set_real(record, "p50_ns", stall->p50_ns[0]);
	set_real(record, "p50_ns_planted", stall->p50_ns[1]);
	set_real(record, "p50_ratio", stall->p50_ratio);
	set_real(record, "p9999_ns", stall->p9999_ns[0]);
	set_real(record, "p9999_ns_planted", stall->p9999_ns[1]);
	set_flag(record, "seen", stall->seen);
	set_flag(record, "median_stays", stall->median_stays);
	return record;
}

static json_t *fairness_record(const struct certify_findings *findings)
{
	json_t *record = json_object();

	if (!findings->has_fairness) {
		json_decref(record);
		return json_null();
	}
	set_real(record, "by_count", findings->fairness.by_count);
	json_object_set_new(record, "measured",
		estimate_record(&findings->fairness.measured));
	set_flag(record, "seen", findings->fairness.seen);
	return record;
}

/* The worst of the thread counts, as a share. */
static const struct certify_false_positives *worst(
	const struct certify_findings *findings)
{
	const struct certify_false_positives *found = &findings->relay[0];

	for (size_t i = 1; i < findings->relay_count; i++)
		if (findings->relay[i].found > found->found)
			found = &findings->relay[i];
	return found;
}

static void write_line(
	const struct certify_findings *findings, char *line, size_t size)
{
	const struct certify_false_positives *found = worst(findings);
	double smallest = certify_smallest(findings), seconds = 0;
	char layout[48];
	int used =
		snprintf(line, size, "false positives %.1f %% (nominal %.2f), ",
			100.0 * found->found / found->experiments,
			100 * found->nominal);

	for (size_t i = 0; i < findings->curve_count; i++)
		seconds = fmax(seconds, findings->curves[i].seconds);
	if (isnan(smallest))
		snprintf(line + used, size - (size_t)used,
			"does not see a slowdown of 10 %% in %.2g s", seconds);
	else
		snprintf(line + used, size - (size_t)used,
			"sees %.3g %% in %.2g s", 100 * smallest, seconds);
	if (certify_layout_reach(findings) > 0) {
		snprintf(layout, sizeof(layout), ", layout up to %.2g %%",
			100 * certify_layout_reach(findings));
		strncat(line, layout, size - strlen(line) - 1);
	}
	if (certify_judge(findings, NULL) > 0)
		strncat(line, "; not all of it holds", size - strlen(line) - 1);
}

static json_t *design_record(const struct certify_design *design)
{
	json_t *record = json_object();

	set_count(record, "launches", design->launches);
	set_count(record, "rounds", design->rounds);
	set_count(record, "rounds_planted", design->planted_rounds);
	set_count(record, "turn_us", design->turn_us);
	set_count(record, "launches_of_truth", design->truth_launches);
	set_count(record, "rounds_of_truth", design->truth_rounds);
	return record;
}

json_t *certificate_record(const struct certify *certify,
	const struct certificate_subject *subject, const char *preset,
	uint64_t seed, uint64_t start_unix_ns)
{
	const struct certify_findings *findings = &certify->findings;
	json_t *record = json_object();
	char machine[CERTIFICATE_ID], line[160];

	certificate_machine(certify->place.topology, machine);
	write_line(findings, line, sizeof(line));
	set_count(record, "schema_version", CERTIFICATE_SCHEMA);
	json_object_set_new(record, "machine_id", json_string(machine));
	json_object_set_new(record, "workers", json_string(subject->workers));
	json_object_set_new(
		record, "experiment_design", json_string(subject->design));
	json_object_set_new(record, "build_id",
		json_string(certify->place.allocator.identity.build_id));
	json_object_set_new(record, "preset", json_string(preset));
	set_count(record, "seed", seed);
	set_count(record, "start_unix_ns", start_unix_ns);
	set_count(record, "end_unix_ns", clock_ns(CLOCK_REALTIME));
	json_object_set_new(record, "line", json_string(line));
	set_flag(record, "holds", certify_judge(findings, NULL) == 0);
	set_real(record, "smallest_effect", certify_least_effect(findings));
	set_real(record, "smallest_found", certify_smallest(findings));
	set_real(record, "layout_reach", certify_layout_reach(findings));
	json_object_set_new(
		record, "workload", json_string(CERTIFY_WORKLOAD "/system"));
	json_object_set_new(record, "design", design_record(&certify->design));
	json_object_set_new(record, "false_positives",
		count_records(findings->relay, findings->relay_count));
	json_object_set_new(record, "false_positives_busy",
		count_records(findings->busy, findings->busy_count));
	json_object_set_new(
		record, "sequential", count_record(&findings->sequential));
	json_object_set_new(record, "layout", layout_records(findings));
	json_object_set_new(record, "slowdowns", curve_records(findings));
	json_object_set_new(record, "bytes", bytes_records(findings));
	json_object_set_new(record, "stall", stall_record(&findings->stall));
	json_object_set_new(record, "slow_thread", fairness_record(findings));
	return record;
}
