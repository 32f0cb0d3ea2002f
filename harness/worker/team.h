// SPDX-License-Identifier: MIT
//
// The threads of one worker: made, pinned, set up, sent through turns. A
// place is what stays when a thread dies and another takes over.
#ifndef SERIALBENCH_TEAM_H
#define SERIALBENCH_TEAM_H

#include "lane_shared.h"

struct team;

/*
 * Makes the instance and its threads for a lane's setup, and returns when all
 * stand ready. 0, or -1 with the reason in lane->message. After this the
 * threads follow the lane's commands by themselves.
 */
int team_create(struct team **team, struct lane_shared *lane,
	const struct alloc_backend *backend);

/* Waits until ACTION_FINISH was carried out by all threads. */
void team_wait(struct team *team);

/* The same, and frees the threads and the team. */
void team_join(struct team *team);

/* A fresh number for a thread of this process. */
uint32_t team_next_thread_number(void);

#endif /* SERIALBENCH_TEAM_H */
