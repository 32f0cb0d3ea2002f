// SPDX-License-Identifier: MIT
#include "descriptors.h"

#include <fcntl.h>
#include <unistd.h>

/* By rising number: open() takes the lowest that is free. */
void descriptors_open(void)
{
	/* The direction that the descriptor is not used in. */
	static const int modes[] = {
		[STDIN_FILENO] = O_WRONLY,
		[STDOUT_FILENO] = O_RDONLY,
		[STDERR_FILENO] = O_RDONLY,
	};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", modes[fd]);
}
