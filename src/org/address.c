#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <org/address.h>

#define TEXT_BYTES 64

struct network {
	int family;
	unsigned char bytes[16];
	int bits; /* of the prefix */
};

static int
width(const struct network *n)
{
	return n->family == AF_INET ? 32 : 128;
}

/* ::ffff:192.0.2.1 is how a dual socket shows an IPv4 peer. */
static void
undress(struct network *n)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (n->family != AF_INET6 || n->bits < 96 || memcmp(n->bytes, mapped, 12) != 0)
		return;
	memmove(n->bytes, n->bytes + 12, 4);
	memset(n->bytes + 4, 0, 12);
	n->family = AF_INET;
	n->bits -= 96;
}

static bool
is_clean(const struct network *n)
{
	int bit;

	for (bit = n->bits; bit < width(n); bit++)
		if (n->bytes[bit / 8] & 0x80 >> bit % 8)
			return false;
	return true;
}

static bool
network_read(const char *text, size_t len, struct network *ret)
{
	struct network n = { .family = AF_INET };
	char address[TEXT_BYTES], *slash;
	int64_t bits;

	if (len == 0 || len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	slash = strchr(address, '/');
	if (slash != NULL)
		*slash = '\0';
	if (inet_pton(AF_INET, address, n.bytes) != 1) {
		n.family = AF_INET6;
		if (inet_pton(AF_INET6, address, n.bytes) != 1)
			return false;
	}
	bits = width(&n);
	if (slash != NULL && !number_read(slash + 1, 0, width(&n), &bits))
		return false;
	n.bits = (int)bits;
	undress(&n);
	if (!is_clean(&n))
		return false;
	*ret = n;
	return true;
}

bool
address_read(struct arena *arena, const char *text, const char **ret)
{
	char address[INET6_ADDRSTRLEN];
	struct network n;

	if (strcmp(text, "unix") == 0) {
		*ret = "unix";
		return true;
	}
	if (!network_read(text, strlen(text), &n) ||
	    inet_ntop(n.family, n.bytes, address, sizeof(address)) == NULL)
		return false;
	*ret = n.bits == width(&n) ? arena_strdup(arena, address) :
		arena_printf(arena, "%s/%d", address, n.bits);
	return true;
}

static bool
inside(const struct network *net, const struct network *peer)
{
	int whole = net->bits / 8, rest = net->bits % 8;
	unsigned mask = 0xff00U >> rest & 0xff;

	return net->family == peer->family && net->bits <= peer->bits &&
		memcmp(net->bytes, peer->bytes, (size_t)whole) == 0 &&
		(rest == 0 || ((net->bytes[whole] ^ peer->bytes[whole]) & mask) == 0);
}

bool
address_allows(const char *list, const char *peer)
{
	struct network net, who;
	bool local = strcmp(peer, "unix") == 0;
	size_t n;

	if (*list == '\0')
		return true;
	if (!local && !network_read(peer, strlen(peer), &who))
		return false;
	for (; *list != '\0'; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == 4 && memcmp(list, "unix", 4) == 0) {
			if (local)
				return true;
		} else if (!local && network_read(list, n, &net) && inside(&net, &who)) {
			return true;
		}
	}
	return false;
}
