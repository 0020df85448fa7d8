/* The store as it is configured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attachment_parts.h"

/* An embedded register makes its key itself, beside the cluster and not in it. */
static const char *
own_key_file(const char *dir, char **ret)
{
	size_t n = strlen(dir) + sizeof("/attachment.key");
	const char *why = NULL;

	*ret = xmalloc(n);
	snprintf(*ret, n, "%s/attachment.key", dir);
	if (access(*ret, F_OK) != 0 && !attachment_keys_add(*ret, NULL, &why))
		return why;
	return NULL;
}

const char *
attachment_store_open(const struct config *c, struct attachment_store *ret)
{
	const char *why = NULL;

	ret->quota = (uint64_t)c->attachment_quota;
	if (!attachment_types_read(c->attachment_types, &ret->types, &why))
		return why;
	if (c->attachment_key_file[0] == '\0')
		return NULL;
	ret->keys = attachment_keys_open(c->attachment_key_file, &why);
	ret->path = xstrdup(c->attachment_key_file);
	return ret->keys == NULL ? why : NULL;
}

const char *
attachment_store_open_own(const char *dir, struct attachment_store *ret)
{
	const char *why;
	char *path;

	if (ret->keys != NULL)
		return NULL;
	why = own_key_file(dir, &path);
	if (why == NULL)
		ret->keys = attachment_keys_open(path, &why);
	ret->path = path;
	return ret->keys == NULL ? why : NULL;
}

void
attachment_store_close(struct attachment_store *s)
{
	attachment_keys_free(s->keys);
	free(s->path);
	*s = (struct attachment_store){ 0 };
}
