/*
 * What every fuzz_x.c offers: libFuzzer's entry point.  With -DFUZZ_STANDALONE the program needs
 * no libFuzzer: it runs the files named as arguments once each (to replay a finding, or for
 * another fuzzer).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* States an invariant; a fuzzer sees the abort. */
#define HOLDS(x) \
	do { \
		if (!(x)) \
			bug("%s:%d: not so: %s", __FILE__, __LINE__, #x); \
	} while (0)

#ifdef FUZZ_STANDALONE
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_INPUT_MAX (16 * 1024 * 1024)

int
main(int argc, char **argv)
{
	uint8_t *data = malloc(FUZZ_INPUT_MAX);
	int i;

	for (i = 1; data != NULL && i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t n;

		if (f == NULL) {
			perror(argv[i]);
			return 1;
		}
		n = fread(data, 1, FUZZ_INPUT_MAX, f);
		fclose(f);
		LLVMFuzzerTestOneInput(data, n);
	}
	free(data);
	return 0;
}
#endif

#endif
