/* Overlay mounts. */
#include "setup/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "setup/mount_api.h"

/*
 * The upper layer has to have a path while the overlay is made: one of these,
 * in rind's own mount namespace and for that moment alone, unless a lower layer
 * lies below it.
 */
static const char *const places[] = { "/tmp", "/run", "/mnt", "/dev", "/proc" };

static const char *find_place(const char *lower)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t length = strlen(places[i]);
		const char *at = lower;
		struct stat status;

		while (at && (strncmp(at, places[i], length) ||
			      (at[length] && at[length] != '/'))) {
			at = strchr(at, ':');
			at += at != NULL;
		}
		if (!at && !stat(places[i], &status) && S_ISDIR(status.st_mode))
			return places[i];
	}
	errno = ENOENT;
	return NULL;
}

/* "KEY=" DIRECTORY SUFFIX as an item of the mount's data. */
static int add_item(struct list *data, const char *key, const char *directory,
		    const char *suffix)
{
	size_t size = strlen(key) + strlen(directory) + strlen(suffix) + 4;
	char *item = malloc(size);
	struct text text;

	if (!item)
		return -1;
	text = text_in(item, size);
	text_add(&text, key);
	text_add(&text, directory);
	text_add(&text, suffix);
	return list_add(data, item);
}

static int make(const struct plan_mount *mount, const char *upper,
		const char *work, const char *below, int target)
{
	struct list data = { 0 };
	struct mount_request request = { .type = "overlay",
					 .source_fd = -1,
					 .attributes = mount->attributes };

	for (char **item = mount->data.items; item && *item; item++)
		if (list_add(&data, *item))
			return -1;
	if (add_item(&data, "lowerdir=", mount->lower, "") ||
	    add_item(&data, "upperdir=", upper, below ? "/upper" : "") ||
	    add_item(&data, "workdir=", work, below ? "/work" : ""))
		return -1;
	request.data = (const char *const *)data.items;
	return mount_make(&request, target);
}

/* The tmpfs is detached again at once: the overlay holds on to it. */
static int make_throw_away(const struct plan_mount *mount, int target)
{
	static const char *const mode[] = { "mode=755", NULL };
	struct mount_request request = { .type = "tmpfs",
					 .source_fd = -1,
					 .data = mode };
	const char *place = find_place(mount->lower);
	int at = place ? open(place, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	int scratch = at < 0 ? -1 : mount_make(&request, at);
	int made = -1;
	int number;

	if (scratch >= 0 && !mkdirat(scratch, "upper", 0755) &&
	    !mkdirat(scratch, "work", 0755))
		made = make(mount, place, place, place, target);
	number = errno;
	if (scratch >= 0) {
		close(scratch);
		if (umount2(place, MNT_DETACH) && made >= 0) {
			number = errno;
			close(made);
			made = -1;
		}
	}
	if (at >= 0)
		close(at);
	errno = number;
	return made;
}

int overlay_make(const struct container *container,
		 const struct plan_mount *mount, int target)
{
	if (!mount->upper)
		return make_throw_away(mount, target);
	if (!container->plan->explain)
		return make(mount, mount->upper, mount->work, NULL, target);
	/* The kernel would make files in the workdir. */
	if (access(mount->upper, W_OK) || access(mount->work, W_OK))
		return -1;
	return make_throw_away(mount, target);
}
