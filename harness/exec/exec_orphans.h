// SPDX-License-Identifier: MIT
//
// Processes that a command left behind outside its group and session. A process
// that adopts them (a subreaper) can end them. Linked into the runner and into
// the static helper.
#ifndef SERIALBENCH_EXEC_ORPHANS_H
#define SERIALBENCH_EXEC_ORPHANS_H

#include <stddef.h>
#include <sys/types.h>

#define EXEC_CHILDREN_MAX 64

struct exec_children {
	pid_t pids[EXEC_CHILDREN_MAX];
	size_t count;
};

/* From here on descendants whose parent ends become this process's children,
 * and not init's. Returns whether they were so before. */
int exec_orphans_adopt(int adopt);

/* The children of this process, which has one thread; none where the kernel
 * does not tell (CONFIG_PROC_CHILDREN). */
void exec_children_read(struct exec_children *children);

/* Kills and reaps all children but the known ones, and theirs. */
void exec_orphans_end(const struct exec_children *known);

#endif /* SERIALBENCH_EXEC_ORPHANS_H */
