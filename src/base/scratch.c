#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <base/scratch.h>

#define BLOCK 64 /* bytes of one step of the counter */
#define PIECE 16384

struct scratch {
	int fd;
	uint64_t size;
	uint8_t key[crypto_stream_chacha20_KEYBYTES];
	uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
};

struct scratch *
scratch_new(int fd)
{
	struct scratch *s = xcalloc(1, sizeof(*s));

	s->fd = fd;
	random_fill(s->key, sizeof(s->key));
	random_fill(s->nonce, sizeof(s->nonce));
	return s;
}

void
scratch_free(struct scratch *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	sodium_memzero(s, sizeof(*s));
	free(s);
}

uint64_t
scratch_size(const struct scratch *s)
{
	return s->size;
}

/* The same there and back; what is not whole blocks goes through one of its own. */
static void
turn(const struct scratch *s, uint64_t at, const uint8_t *from, uint8_t *to, size_t n)
{
	while (n > 0) {
		size_t inside = (size_t)(at % BLOCK), take = n - n % BLOCK;
		uint8_t block[BLOCK] = { 0 };

		if (inside == 0 && take > 0) {
			crypto_stream_chacha20_xor_ic(to, from, take, s->nonce, at / BLOCK, s->key);
		} else {
			take = BLOCK - inside < n ? BLOCK - inside : n;
			memcpy(block + inside, from, take);
			crypto_stream_chacha20_xor_ic(block, block, BLOCK, s->nonce, at / BLOCK,
						      s->key);
			memcpy(to, block + inside, take);
		}
		from += take;
		to += take;
		at += take;
		n -= take;
	}
}

static bool
write_all(int fd, const uint8_t *p, size_t n, uint64_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, p, n, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		p += done;
		at += (uint64_t)done;
		n -= (size_t)done;
	}
	return true;
}

bool
scratch_add(struct scratch *s, const void *p, size_t n)
{
	const uint8_t *from = p;
	uint8_t piece[PIECE];

	while (n > 0) {
		size_t take = n < PIECE ? n : PIECE;

		turn(s, s->size, from, piece, take);
		if (!write_all(s->fd, piece, take, s->size))
			return false;
		s->size += take;
		from += take;
		n -= take;
	}
	return true;
}

bool
scratch_read(const struct scratch *s, uint64_t at, void *p, size_t n, size_t *ret)
{
	uint8_t *to = p;
	size_t have = 0;

	if (at >= s->size)
		n = 0;
	else if (n > s->size - at)
		n = (size_t)(s->size - at);
	while (have < n) {
		ssize_t done = pread(s->fd, to + have, n - have, (off_t)(at + have));

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		have += (size_t)done;
	}
	turn(s, at, to, to, have);
	*ret = have;
	return true;
}
