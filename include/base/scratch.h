/*
 * A file without a name for what may be confidential: what is on the disk is enciphered with a key
 * that lives in the memory of this process alone (ChaCha20), so that neither a crash nor the
 * disk gives away what passed through.  Written at its end, read anywhere; not shared by threads.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>
#include <base/util.h>

struct scratch;

/* Takes over an empty file. */
struct scratch *scratch_new(int fd);
void scratch_free(struct scratch *); /* NULL is fine */

/* false: errno says why; the file is of no use any more. */
bool scratch_add(struct scratch *, const void *p, size_t n) MUST;

/* Up to n bytes from `at` on; false: they cannot be read.  *ret 0: the end. */
bool scratch_read(const struct scratch *, uint64_t at, void *p, size_t n, size_t *ret) MUST;

uint64_t scratch_size(const struct scratch *);

#endif
