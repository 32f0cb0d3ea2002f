// SPDX-License-Identifier: MIT
#include "worker_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lane.h"
#include "trace_checksum.h"
#include "worker_build_id.h"

struct hashing {
	struct trace_checksum checksum;
	uint64_t hash; /* FNV-1a over a line for each section */
};

/* A file in memory. */
struct image {
	const unsigned char *bytes;
	size_t size;
};

static void hash_line(struct hashing *hashing, const char *name,
	uint64_t address, uint64_t size, uint32_t checksum)
{
	char line[128];

	snprintf(line, sizeof(line),
		"%.64s %" PRIx64 " %" PRIx64 " %08" PRIx32 "\n", name, address,
		size, checksum);
	for (const char *at = line; *at != '\0'; at++)
		hashing->hash =
			(hashing->hash ^ (unsigned char)*at) * 0x100000001b3u;
}

static bool holds(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

/* What differs from commit to commit though nothing that runs does. */
static bool is_of_the_commit(const char *name)
{
	return strcmp(name, WORKER_BUILD_ID_SECTION) == 0 ||
		strcmp(name, ".note.gnu.build-id") == 0;
}

/* The header, or NULL where it is no program whose sections can be told. */
static const ElfW(Ehdr) * find_header(const struct image *image)
{
	const ElfW(Ehdr) *header = (const void *)image->bytes;

	if (!holds(image, 0, sizeof(*header)) ||
		memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
		header->e_shentsize != sizeof(ElfW(Shdr)) ||
		header->e_shoff % _Alignof(ElfW(Shdr)) != 0 ||
		header->e_shstrndx >= header->e_shnum ||
		!holds(image, header->e_shoff,
			(uint64_t)header->e_shnum * sizeof(ElfW(Shdr))))
		return NULL;
	return header;
}

/* A section's name; NULL where it ends outside of the file. */
static const char *name_of(const struct image *image, const ElfW(Shdr) * names,
	const ElfW(Shdr) * section)
{
	const unsigned char *from;

	if (!holds(image, names->sh_offset, names->sh_size) ||
		section->sh_name >= names->sh_size)
		return NULL;
	from = image->bytes + names->sh_offset + section->sh_name;
	return memchr(from, '\0', names->sh_size - section->sh_name) != NULL
		? (const char *)from
		: NULL;
}

/* The sections that are loaded. False where the file is damaged. */
static bool hash_sections(struct hashing *hashing, const struct image *image)
{
	const ElfW(Ehdr) *header = find_header(image);
	const ElfW(Shdr) * sections;

	if (header == NULL)
		return false;
	sections = (const void *)(image->bytes + header->e_shoff);
	for (size_t i = 0; i < header->e_shnum; i++) {
		const ElfW(Shdr) *section = &sections[i];
		const char *name =
			name_of(image, &sections[header->e_shstrndx], section);
		bool stored = section->sh_type != SHT_NOBITS;

		if (name == NULL)
			return false;
		if (!(section->sh_flags & SHF_ALLOC) || is_of_the_commit(name))
			continue;
		if (stored &&
			!holds(image, section->sh_offset, section->sh_size))
			return false;
		hash_line(hashing, name, section->sh_addr, section->sh_size,
			stored ? trace_checksum(&hashing->checksum,
					 image->bytes + section->sh_offset,
					 section->sh_size)
			       : 0);
	}
	return true;
}

/* 0 with the file mapped; the caller unmaps it. */
static int map_file(struct image *image, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	void *bytes;

	if (file < 0)
		return -1;
	if (fstat(file, &stat) != 0) {
		close(file);
		return -1;
	}
	image->size = (size_t)stat.st_size;
	bytes = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	image->bytes = bytes;
	return bytes == MAP_FAILED ? -1 : 0;
}

static int hash_file(
	struct hashing *hashing, const char *path, struct error *error)
{
	struct image image;

	if (map_file(&image, path) != 0)
		return error_set_errno(error, path);
	if (!hash_sections(hashing, &image))
		hash_line(hashing, "whole", 0, image.size,
			trace_checksum(
				&hashing->checksum, image.bytes, image.size));
	munmap((void *)image.bytes, image.size);
	return 0;
}

int worker_digest(char digest[WORKER_DIGEST], struct error *error)
{
	struct hashing *hashing = calloc(1, sizeof(*hashing));
	int result = 0;

	if (hashing == NULL)
		return error_set_errno(error, "digest of the workers");
	hashing->hash = 0xcbf29ce484222325u;
	trace_checksum_init(&hashing->checksum);
	for (unsigned i = 0; i < LINK_ORDERS && result == 0; i++)
		result = hash_file(hashing, lane_worker_path(i), error);
	snprintf(digest, WORKER_DIGEST, "%016" PRIx64, hashing->hash);
	free(hashing);
	return result;
}
