/* /etc/subuid and /etc/subgid. */
#include "sys/subid.h"

#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "lib/words.h"

struct subid_line {
	const char *owner; /* a name, or a uid in decimal */
	unsigned long first, count;
};

/* "OWNER:FIRST:COUNT" */
static bool read_line(char *line, struct subid_line *subid)
{
	const char *words[3];

	if (words_split(line, ":", words, ARRAY_LENGTH(words)) !=
	    ARRAY_LENGTH(words))
		return false;
	subid->owner = words[0];
	return !number_read(words[1], UINT32_MAX, &subid->first) &&
	       !number_read(words[2], UINT32_MAX, &subid->count);
}

bool subid_grants(const char *path, uid_t uid, const char *name, uint32_t first,
		  uint32_t count)
{
	char buffer[16];
	struct text number = text_in(buffer, sizeof(buffer));
	struct file file;
	char *rest;
	char *line;
	bool granted = false;

	if (file_read(path, &file))
		return false;
	text_addf(&number, "%u", uid);
	rest = file.data;
	while (!granted && (line = line_next(&rest, NULL))) {
		struct subid_line subid;

		if (!read_line(line, &subid) ||
		    (strcmp(subid.owner, number.data) &&
		     strcmp(subid.owner, name)))
			continue;
		granted = first >= subid.first &&
			  (uint64_t)first + count <=
				  (uint64_t)subid.first + subid.count;
	}
	file_free(&file);
	return granted;
}
