// SPDX-License-Identifier: MIT
//
// The three streams of a program and what may happen to them.
#ifndef SERIALBENCH_STREAMS_H
#define SERIALBENCH_STREAMS_H

/*
 * First thing in main. Missing descriptors are opened (descriptors.h). A reader
 * that is gone (SIGPIPE) and the limit on file sizes (SIGXFSZ) become errors of
 * write(), EPIPE and EFBIG, which are reported like any other; programs that
 * are started later have the default actions. Where stdout and stderr are one
 * file, stdout is written line by line, so that data and talk stand there in
 * the order in which they were said.
 */
void streams_begin(void);

#endif /* SERIALBENCH_STREAMS_H */
