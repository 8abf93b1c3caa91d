/* Overlay mounts. */
#include "setup/mounts/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/arena.h"
#include "sys/ids.h"
#include "sys/mount_api.h"

/*
 * The upper layer has to have a path while the overlay is made: one of these,
 * in rind's own mount namespace and for that moment alone, unless a lower layer
 * lies below it.
 */
static const char *const places[] = { "/tmp", "/run", "/mnt", "/dev", "/proc" };

char *overlay_top(const struct plan_mount *overlay)
{
	char *top = arena_strdup(overlay->lower);
	const char *from = top;
	char *to = top;

	for (; *from && *from != ':'; from++) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return top;
}

/* Whether one of LAYERS, separated by colons, is PLACE or below it. */
static bool lies_in(const char *layers, const char *place)
{
	size_t length = strlen(place);

	for (;; layers++) {
		if (!strncmp(layers, place, length) &&
		    strchr("/:", layers[length]))
			return true;
		layers += strcspn(layers, ":");
		if (!*layers)
			return false;
	}
}

static const char *find_place(const char *lower)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct stat status;

		if (!lies_in(lower, places[i]) && !stat(places[i], &status) &&
		    S_ISDIR(status.st_mode))
			return places[i];
	}
	errno = ENOENT;
	return NULL;
}

/* The upper layer and its workdir are those named, or in the directory BELOW.
 */
static int make(const struct plan_mount *mount, const char *below, int target)
{
	struct mount_request request = { .kind = MOUNT_OVERLAY,
					 .attributes = mount->attributes };
	int made;

	if (below)
		request.data = arena_printf(
			"lowerdir=%s,upperdir=%s/upper,workdir=%s/work,%s",
			mount->lower, below, below, mount->data.data);
	else
		request.data = arena_printf(
			"lowerdir=%s,upperdir=%s,workdir=%s,%s", mount->lower,
			mount->upper, mount->work, mount->data.data);
	made = mount_make(&request, target);

	/* All that the kernel says of a workdir without room is in its log. */
	if (made < 0 || mount->attributes & ATTR_RDONLY ||
	    !mount_is_read_only(made))
		return made;
	close(made);
	errno = EROFS;
	return -1;
}

/* The tmpfs is detached again at once: the overlay holds on to it. */
static int make_throw_away(const struct plan_mount *mount, int target)
{
	struct mount_request request = { .kind = MOUNT_TMPFS,
					 .data = "mode=755" };
	const char *place = find_place(mount->lower);
	int at = place ? open(place, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	int scratch = at < 0 ? -1 : mount_make(&request, at);
	struct stat status;
	int made = -1;
	int number;

	/*
	 * The overlay's root is the upper layer's: its owner and mode count.
	 * Whom this user namespace does not know owns nothing in it.
	 */
	if (scratch >= 0 && !mkdirat(scratch, "upper", 0755) &&
	    !mkdirat(scratch, "work", 0755) &&
	    !stat(overlay_top(mount), &status) &&
	    (status.st_uid == OVERFLOW_ID || status.st_gid == OVERFLOW_ID ||
	     (!fchownat(scratch, "upper", status.st_uid, status.st_gid, 0) &&
	      !syscall(SYS_fchmodat, scratch, "upper", status.st_mode))))
		made = make(mount, place, target);
	number = errno;
	if (scratch >= 0) {
		close(scratch);
		if (umount2(place, MNT_DETACH) && made >= 0) {
			number = errno;
			close(made);
			made = -1;
		}
	}
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
		return make(mount, NULL, target);
	/* The kernel would make files in the workdir. */
	if (access(mount->upper, W_OK) || access(mount->work, W_OK))
		return -1;
	return make_throw_away(mount, target);
}
