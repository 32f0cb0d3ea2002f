// SPDX-License-Identifier: MIT
#include "stop.h"

#include <stddef.h>

volatile sig_atomic_t stop_asked;

static void ask_stop(int signal)
{
	stop_asked = signal;
}

void stop_catch(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {
		.sa_handler = ask_stop,
		.sa_flags = (int)SA_RESETHAND,
	};
	struct sigaction before;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		/* A shell may start a job in the background with SIGINT
		 * ignored; only nohup means it. */
		if (signals[i] == SIGHUP &&
			sigaction(SIGHUP, NULL, &before) == 0 &&
			before.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
	}
}

const char *stop_name(void)
{
	switch (stop_asked) {
	case 0:
		return "";
	case SIGTERM:
		return "SIGTERM";
	case SIGHUP:
		return "SIGHUP";
	default:
		return "Ctrl-C";
	}
}

int stop_exit_code(void)
{
	return stop_asked == 0 ? 0 : 128 + (int)stop_asked;
}
