/* The file of keys that the keys of documents are wrapped with. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "attachment_parts.h"

#define FILE_MAX 16384
#define DIGITS (2 * ATTACHMENT_KEY)

static const char name_letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

/* Keys are for one pair of eyes: a file that others can read is none. */
static const char *
file_fault(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "attachment_key_file: not a plain file";
	if ((st.st_mode & 077) != 0)
		return "attachment_key_file: others may read it (chmod 600)";
	if (st.st_uid != geteuid() && st.st_uid != 0 && geteuid() != 0)
		return "attachment_key_file: it belongs to another user";
	return st.st_size >= FILE_MAX ? "attachment_key_file: too long" : NULL;
}

/* One line: nothing, a remark, or a key. */
static bool
take_line(struct attachment_keys *k, char *line)
{
	size_t n = strspn(line, name_letters), digits, bytes = 0;
	struct attachment_key *key = &k->v[k->n];
	const char *rest = line + n + strspn(line + n, " \t");

	if (line[0] == '#' || line[strspn(line, " \t\r")] == '\0')
		return true;
	digits = strspn(rest, "0123456789abcdefABCDEF");
	if (n == 0 || n > ATTACHMENT_KEY_NAME_MAX || rest == line + n || digits != DIGITS ||
	    rest[digits + strspn(rest + digits, " \t\r")] != '\0' || k->n == ATTACHMENT_KEYS_MAX)
		return false;
	memcpy(key->name, line, n);
	key->name[n] = '\0';
	if (attachment_key_find(k, key->name) != NULL ||
	    sodium_hex2bin(key->key, sizeof(key->key), rest, digits, NULL, &bytes, NULL) != 0)
		return false;
	k->n++;
	return true;
}

static const char *
read_keys(int fd, struct attachment_keys *k)
{
	char text[FILE_MAX], *line, *end;
	const char *why = file_fault(fd);
	ssize_t n = why == NULL ? pread(fd, text, sizeof(text) - 1, 0) : 0;

	if (why != NULL)
		return why;
	if (n < 0)
		return "attachment_key_file: cannot be read";
	text[n] = '\0';
	for (line = text; why == NULL && line != NULL; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (!take_line(k, line))
			why = "attachment_key_file: lines are NAME and 64 hexadecimal digits, "
			      "names differ";
	}
	sodium_memzero(text, sizeof(text));
	return why;
}

const struct attachment_key *
attachment_key_find(const struct attachment_keys *k, const char *name)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (strcmp(k->v[i].name, name) == 0)
			return &k->v[i];
	return NULL;
}

struct attachment_keys *
attachment_keys_open(const char *path, const char **ret_why)
{
	struct attachment_keys *k = sodium_malloc(sizeof(*k));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (k == NULL || fd < 0) {
		*ret_why = k == NULL ? "no memory that can be guarded" :
			"attachment_key_file: cannot be opened";
		sodium_free(k);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	memset(k, 0, sizeof(*k));
	*ret_why = read_keys(fd, k);
	close(fd);
	if (*ret_why == NULL && k->n == 0)
		*ret_why = "attachment_key_file: no key in it (daicho attachments key)";
	if (*ret_why == NULL)
		return k;
	sodium_free(k);
	return NULL;
}

void
attachment_keys_free(struct attachment_keys *k)
{
	sodium_free(k);
}

const char *
attachment_keys_newest(const struct attachment_keys *k)
{
	return k->v[k->n - 1].name;
}

/* "20261125-1a2b3c4d": when it was made, and what tells it from others of that day. */
static void
make_line(char *name, size_t size, char *line, size_t line_size)
{
	uint8_t key[ATTACHMENT_KEY], mark[4];
	char hex[DIGITS + 1], marked[9], day[9];
	time_t now = time(NULL);
	struct tm tm;

	random_fill(key, sizeof(key));
	random_fill(mark, sizeof(mark));
	hex_write(key, sizeof(key), hex);
	hex_write(mark, sizeof(mark), marked);
	strftime(day, sizeof(day), "%Y%m%d", gmtime_r(&now, &tm));
	snprintf(name, size, "%s-%s", day, marked);
	snprintf(line, line_size, "%s %s\n", name, hex);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(hex, sizeof(hex));
}

static const char *
add_line(int fd, const char *line)
{
	off_t end = lseek(fd, 0, SEEK_END);
	size_t n = strlen(line);
	char last = '\n';

	if (end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n' &&
	    write(fd, "\n", 1) != 1)
		return "attachment_key_file: cannot be written";
	if (end >= 0 && write(fd, line, n) == (ssize_t)n && fsync(fd) == 0)
		return NULL;
	if (end < 0 || ftruncate(fd, end) != 0)
		return "attachment_key_file: half a key was written to it";
	return "attachment_key_file: cannot be written";
}

bool
attachment_keys_add(const char *path, char **ret_name, const char **ret_why)
{
	struct attachment_keys *old = sodium_malloc(sizeof(*old));
	char name[ATTACHMENT_KEY_NAME_MAX + 1], line[ATTACHMENT_KEY_NAME_MAX + DIGITS + 3];
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	const char *why = fd < 0 ? "attachment_key_file: cannot be made or opened" : NULL;

	if (old == NULL)
		why = "no memory that can be guarded";
	else
		memset(old, 0, sizeof(*old));
	if (why == NULL)
		why = read_keys(fd, old);
	if (why == NULL && old->n == ATTACHMENT_KEYS_MAX)
		why = "attachment_key_file: full; take out keys that nothing is wrapped with";
	if (why == NULL) {
		make_line(name, sizeof(name), line, sizeof(line));
		why = add_line(fd, line);
		sodium_memzero(line, sizeof(line));
	}
	sodium_free(old);
	if (fd >= 0)
		close(fd);
	if (why == NULL && ret_name != NULL)
		*ret_name = xstrdup(name);
	if (why != NULL)
		*ret_why = why;
	return why == NULL;
}
