/* The rows of --check that files of /proc tell, but for its status. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "check/judges.h"
#include "lib/arena.h"
#include "lib/array.h"
#include "sys/kernel_text.h"

/* What AppArmor and SELinux call a process that they let do everything. */
static const char *const unconfined_labels[] = {
	"unconfined", "(complain)", ":spc_t:", ":kernel_t:", ":init_t:",
};

static bool label_confines(const char *label)
{
	for (size_t i = 0; i < ARRAY_LENGTH(unconfined_labels); i++)
		if (strstr(label, unconfined_labels[i]))
			return false;
	return true;
}

enum verdict judge_lsm(const struct checked_process *process,
		       struct values *values)
{
	char *label;

	if (process->proc < 0)
		return VERDICT_UNKNOWN;
	label = kernel_text_read(process->proc, "attr/current");
	/* EINVAL: no security module has labels. ENOENT: there is none. */
	if (!label)
		return errno == EINVAL || errno == ENOENT ? VERDICT_WEAK
							  : VERDICT_UNKNOWN;
	label[strcspn(label, "\n")] = '\0';
	if (!*label)
		return VERDICT_WEAK;
	value_add(values, NULL, label);
	return label_confines(label) ? VERDICT_GOOD : VERDICT_WEAK;
}

/* Takes a line of user_namespaces(7), INSIDE OUTSIDE COUNT, off *AT. */
static bool next_map_line(const char **at, uint64_t *inside, uint64_t *outside,
			  uint64_t *count)
{
	if (**at == '\n')
		++*at;
	return kernel_text_number(at, 10, inside) &&
	       kernel_text_number(at, 10, outside) &&
	       kernel_text_number(at, 10, count);
}

/* An outside id 0 is the outer root itself. */
static enum verdict judge_map(const struct checked_process *process,
			      const char *file, struct values *values)
{
	const char *at = process->proc < 0
				 ? NULL
				 : kernel_text_read(process->proc, file);
	enum verdict verdict = VERDICT_GOOD;
	uint64_t inside;
	uint64_t outside;
	uint64_t count;

	if (!at)
		return VERDICT_UNKNOWN;
	while (next_map_line(&at, &inside, &outside, &count)) {
		value_add(values, NULL,
			  arena_printf("%llu:%llu:%llu",
				       (unsigned long long)inside,
				       (unsigned long long)outside,
				       (unsigned long long)count));
		if (!outside)
			verdict = VERDICT_WEAK;
	}
	return verdict;
}

enum verdict judge_uid_map(const struct checked_process *process,
			   struct values *values)
{
	return judge_map(process, "uid_map", values);
}

enum verdict judge_gid_map(const struct checked_process *process,
			   struct values *values)
{
	return judge_map(process, "gid_map", values);
}

/* Yama's; the rest of the kernel lets any process of the same user trace. */
enum verdict judge_ptrace_scope(const struct checked_process *process,
				struct values *values)
{
	const char *at;
	uint64_t scope;

	if (process->proc < 0)
		return VERDICT_UNKNOWN;
	at = kernel_text_read(-1, "/proc/sys/kernel/yama/ptrace_scope");
	if (!at)
		return errno == ENOENT ? VERDICT_WEAK : VERDICT_UNKNOWN;
	if (!kernel_text_number(&at, 10, &scope))
		return VERDICT_UNKNOWN;
	value_add_number(values, NULL, scope);
	return scope ? VERDICT_GOOD : VERDICT_WEAK;
}
