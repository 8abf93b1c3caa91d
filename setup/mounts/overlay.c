/* Overlay mounts. */
#include "setup/mounts/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/descriptor.h"
#include "sys/ids.h"
#include "sys/mount_api.h"

const char *overlay_top_layer(const struct plan_mount *overlay)
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

static int mount_layers(const struct plan_mount *overlay, const char *upper,
			const char *work, int target)
{
	const struct mount_request request = {
		.kind = MOUNT_OVERLAY,
		.attributes = overlay->attributes,
		.data = arena_printf("lowerdir=%s,upperdir=%s,workdir=%s,%s",
				     overlay->lower, upper, work,
				     overlay->data.data),
	};
	int mount = mount_make(&request, target);

	if (mount < 0 || overlay->attributes & MOUNT_ATTR_RDONLY ||
	    !mount_is_read_only(mount))
		return mount;
	/*
	 * With a workdir that it cannot write to the kernel mounts read-only,
	 * and tells that to its log alone.
	 */
	close(mount);
	errno = EROFS;
	return -1;
}

/* --- an upper layer that nobody can name --- */

/* Whether one of the paths in LAYERS is PLACE, or below it. */
static bool layers_lie_in(const char *layers, const char *place)
{
	size_t length = strlen(place);

	for (;;) {
		if (!strncmp(layers, place, length) &&
		    (layers[length] == '/' || layers[length] == ':' ||
		     layers[length] == '\0'))
			return true;
		layers += strcspn(layers, ":");
		if (!*layers)
			return false;
		layers++;
	}
}

/*
 * While the overlay is made its upper layer must have a path: a tmpfs on one of
 * these, in rind's own mount namespace. It would hide a layer that lies below.
 */
static const char *find_scratch_place(const char *layers)
{
	static const char *const places[] = { "/tmp", "/run", "/mnt", "/dev",
					      "/proc" };

	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		struct stat status;

		if (!layers_lie_in(layers, places[i]) &&
		    !stat(places[i], &status) && S_ISDIR(status.st_mode))
			return places[i];
	}
	errno = ENOENT;
	return NULL;
}

static int mount_scratch(const char *place)
{
	const struct mount_request request = { .kind = MOUNT_TMPFS,
					       .data = "mode=755" };
	int target = open(place, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int scratch;

	if (target < 0)
		return -1;
	scratch = mount_make(&request, target);
	close_keeping_errno(target);
	return scratch;
}

/*
 * The root of an overlay has the owner and the mode of the upper layer's: those
 * of the image's root then. An owner that this user namespace does not know
 * cannot be given, and owns nothing in here.
 */
static int fill_scratch(int scratch, const struct plan_mount *overlay)
{
	struct stat root;

	if (mkdirat(scratch, "upper", 0755) || mkdirat(scratch, "work", 0755) ||
	    stat(overlay_top_layer(overlay), &root))
		return -1;
	if (root.st_uid == OVERFLOW_ID || root.st_gid == OVERFLOW_ID)
		return 0;
	if (fchownat(scratch, "upper", root.st_uid, root.st_gid, 0) ||
	    syscall(SYS_fchmodat, scratch, "upper", root.st_mode))
		return -1;
	return 0;
}

/* The tmpfs is detached again at once: the overlay holds on to it. */
static int mount_throw_away(const struct plan_mount *overlay, int target)
{
	const char *place = find_scratch_place(overlay->lower);
	int scratch = place ? mount_scratch(place) : -1;
	int mount = -1;
	int number;

	if (scratch < 0)
		return -1;
	if (!fill_scratch(scratch, overlay))
		mount = mount_layers(overlay, arena_printf("%s/upper", place),
				     arena_printf("%s/work", place), target);
	number = errno;
	close(scratch);
	if (umount2(place, MNT_DETACH) && mount >= 0)
		return close_keeping_errno(mount);
	errno = number;
	return mount;
}

int overlay_mount(const struct plan_mount *overlay, int target,
		  bool leave_no_trace)
{
	if (!overlay->upper)
		return mount_throw_away(overlay, target);
	if (!leave_no_trace)
		return mount_layers(overlay, overlay->upper, overlay->work,
				    target);
	/* What would fail then has to fail now. */
	if (access(overlay->upper, W_OK) || access(overlay->work, W_OK))
		return -1;
	return mount_throw_away(overlay, target);
}
