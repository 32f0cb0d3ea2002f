// SPDX-License-Identifier: MIT
//
// The counts are kept in private memory, which a fork copies, and published
// into the process's slot of the shared file. What may not be copied, the
// slot and the lock, is on a page that the kernel wipes in a forked child
// (MADV_WIPEONFORK), so also in children of _Fork() and clone(), which run no
// handlers. A vfork child sees the same page and the same counts: rightly so,
// as the blocks that it makes and frees are its parent's.
#include "accounting.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler.h"
#include "preload_stats.h"

#define SPINS 64
#define PAGE_BYTES 4096

bool accounting_on;

static struct preload_stats_file *file;
static struct preload_stats_counts counts;
static uint32_t generation;

/* Who counts, and the bytes of its serial. */
static const char *counting_variant;
static size_t counting_serial_bytes;

/* Where processes beyond the last slot count, for nobody. */
static struct preload_stats_slot nowhere;

/* The page that is wiped. */
static struct own_page {
	struct preload_stats_slot *slot;
	unsigned locked;
} * own;

/* This thread holds the lock: a signal handler or a fork handler that comes
 * on top must not wait for itself. */
static _Thread_local bool holding;

static bool take_lock(void)
{
	if (UNLIKELY(holding))
		return false;
	holding = true;
	for (unsigned spins = 1;
		__atomic_exchange_n(&own->locked, 1, __ATOMIC_ACQUIRE) != 0;
		spins++)
		if (spins % SPINS == 0)
			sched_yield();
	return true;
}

static void drop_lock(void)
{
	__atomic_store_n(&own->locked, 0, __ATOMIC_RELEASE);
	holding = false;
}

static void start_peak(void)
{
	counts.peak_live_blocks = counts.live_blocks;
	counts.peak_requested = counts.live_requested;
	counts.peak_debug_bytes = counts.live_debug_bytes;
	counts.peak_usable_bytes = counts.live_usable_bytes;
	counts.peak_serial_bytes = counts.live_blocks * counting_serial_bytes;
}

/* Into the copy that does not hold, then turns round. */
static void publish(struct preload_stats_slot *slot)
{
	uint32_t other = slot->current ^ 1;

	slot->counts[other & 1] = counts;
	__atomic_store_n(&slot->current, other, __ATOMIC_RELEASE);
}

/* Caller holds the lock, or is alone. */
static void claim_slot(void)
{
	uint32_t place =
		__atomic_fetch_add(&file->claimed, 1, __ATOMIC_RELAXED);
	struct preload_stats_slot *slot =
		place < PRELOAD_STATS_SLOTS ? &file->slot[place] : &nowhere;

	slot->generation = generation;
	slot->parent_pid = (uint32_t)getppid();
	strncpy(slot->variant, counting_variant, PRELOAD_STATS_NAME - 1);
	prctl(PR_GET_NAME, slot->program);
	publish(slot);
	__atomic_store_n(&slot->pid, (uint32_t)getpid(), __ATOMIC_RELEASE);
	own->slot = slot;
}

/* In a forked child, at its first sign of life. */
NOINLINE COLD static void begin_again(void)
{
	int kept_errno = errno;

	generation++;
	counts.calls = 0;
	start_peak();
	claim_slot();
	errno = kept_errno;
}

/* No other thread is in the middle of its counting when a child is made. */
static _Thread_local bool locked_for_fork;

static void before_fork(void)
{
	locked_for_fork = take_lock();
}

static void after_fork_in_parent(void)
{
	if (locked_for_fork)
		drop_lock();
}

static void after_fork_in_child(void)
{
	/* Where the kernel does not know how to wipe (before 4.14). */
	memset(own, 0, sizeof(*own));
	holding = false;
	begin_again();
}

static void change(struct accounting_block out, struct accounting_block in,
	size_t made, size_t freed)
{
	bool locked = take_lock();

	if (UNLIKELY(own->slot == NULL))
		begin_again();
	counts.calls += made;
	counts.live_blocks += made - freed;
	counts.live_requested += in.requested - out.requested;
	counts.live_debug_bytes += in.added - out.added;
	counts.live_usable_bytes += in.usable - out.usable;
	if (UNLIKELY(counts.live_requested > counts.peak_requested))
		start_peak();
	publish(own->slot);
	if (locked)
		drop_lock();
}

void accounting_made(struct accounting_block made)
{
	change((struct accounting_block){0}, made, 1, 0);
}

void accounting_freed(struct accounting_block freed)
{
	change(freed, (struct accounting_block){0}, 0, 1);
}

void accounting_replaced(
	struct accounting_block old, struct accounting_block made)
{
	change(old, made, 1, 1);
}

long accounting_live_blocks(void)
{
	return accounting_on
		? (long)__atomic_load_n(&counts.live_blocks, __ATOMIC_RELAXED)
		: -1;
}

static const char *map_file(int fd)
{
	struct stat status;
	void *map;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return "is not a regular file";
	if (status.st_size < (off_t)sizeof(*file) &&
		ftruncate(fd, (off_t)sizeof(*file)) != 0)
		return "cannot be made large enough";
	map = mmap(
		NULL, sizeof(*file), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return "cannot be mapped";
	file = map;
	if (file->magic != 0 &&
		(file->magic != PRELOAD_STATS_MAGIC ||
			file->version != PRELOAD_STATS_VERSION)) {
		munmap(map, sizeof(*file));
		return "holds something else";
	}
	return NULL;
}

/* Whoever comes first writes it; the others write the same. */
static void write_header(void)
{
	file->version = PRELOAD_STATS_VERSION;
	file->slot_bytes = sizeof(struct preload_stats_slot);
	file->slots = PRELOAD_STATS_SLOTS;
	__atomic_store_n(&file->magic, PRELOAD_STATS_MAGIC, __ATOMIC_RELEASE);
}

static bool make_own_page(void)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return false;
	madvise(page, PAGE_BYTES, MADV_WIPEONFORK);
	own = page;
	return true;
}

const char *accounting_start(
	const char *path, const char *variant, size_t serial_bytes)
{
	const char *wrong;
	int fd;

	if (path[0] != '/')
		return "is no absolute path";
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return "is not there or may not be written";
	wrong = map_file(fd);
	close(fd);
	if (wrong != NULL)
		return wrong;
	if (!make_own_page())
		return "finds no memory";
	counting_variant = variant;
	counting_serial_bytes = serial_bytes;
	write_header();
	claim_slot();
	/* Last: it allocates, which is not the program's doing. */
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
	accounting_on = true;
	return NULL;
}
