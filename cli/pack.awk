# Packs the texts for people: byte pair encoding. The pair of bytes that stands
# there most often becomes one byte from 128 on, and again, 128 times. In go
# the licences and, with WHOLE, the sources, whose TEXT("...") are packed in
# place in the file of that name. Output, for the assembler: the pairs, then the
# licences. Plain ASCII goes in; base/packed.c unpacks.

BEGIN {
	for (i = 1; i < 128; i++)
		code[sprintf("%c", i)] = i
}

FNR == 1 {
	if (FILENAME ~ /\.c$/)
		source[++sources] = FILENAME
	else if (NR > 1)
		licence = licence "\n----\n\n"
}

sources {
	lines[sources] = lines[sources] $0 "\n"
	next
}

{
	licence = licence $0 "\n"
}

# One behind the other, with a 0 behind each.
function add_text(text,   i) {
	for (i = 1; i <= length(text); i++)
		byte[++size] = code[substr(text, i, 1)]
	byte[++size] = 0
}

# The string literals in LITERALS as one text.
function text_of(literals,   text) {
	gsub(/"[ \t\n]+"/, "", literals)
	sub(/^[^"]*"/, "", literals)
	sub(/"[^"]*$/, "", literals)
	gsub(/\\n/, "\n", literals)
	gsub(/\\"/, "\"", literals)
	return literals
}

# Cuts the first TEXT() off REST, which becomes what is behind it.
function next_text() {
	if (!match(rest, /[^A-Z_]TEXT\([ \t\n]*("([^"\\]|\\.)*"[ \t\n]*)+\)/))
		return 0
	before = substr(rest, 1, RSTART)
	found = substr(rest, RSTART + 1, RLENGTH - 1)
	rest = substr(rest, RSTART + RLENGTH)
	return 1
}

# The first of the most frequent, whatever order the awk has for its arrays.
function most_frequent(   i, pair, count, most, found_pair) {
	most = 3 # the pair itself takes two
	for (i = 1; i < size; i++) {
		if (!byte[i] || !byte[i + 1])
			continue
		pair = byte[i] * 256 + byte[i + 1]
		if (++count[pair] > most) {
			most = count[pair]
			found_pair = pair
		}
	}
	return found_pair
}

function replace(pair, by,   from, to) {
	for (from = 1; from <= size; from++)
		if (from < size && byte[from] * 256 + byte[from + 1] == pair) {
			byte[++to] = by
			from++
		} else
			byte[++to] = byte[from]
	size = to
}

# The next text, packed, as a literal.
function packed(   literal) {
	for (literal = "\""; byte[++at]; )
		literal = literal sprintf("\\%03o", byte[at])
	return literal "\""
}

END {
	add_text(licence)
	for (s = 1; s <= sources; s++)
		for (rest = lines[s]; next_text(); )
			add_text(text_of(found))
	for (next_byte = 128; next_byte < 256; next_byte++) {
		pair = most_frequent()
		if (!pair)
			break
		replace(pair, next_byte)
		pairs[next_byte] = pair
	}
	# base/packed.c may be compiled alone.
	print ".globl text_pairs\ntext_pairs:"
	for (i = 128; i < 256; i++)
		print ".byte " int(pairs[i] / 256) ", " pairs[i] % 256
	print "license_text:"
	while (byte[++at])
		print ".byte " byte[at]
	print ".byte 0"
	for (s = 1; s <= sources; s++) {
		printf "#line 1 \"%s\"\n", source[s] >whole
		for (rest = lines[s]; next_text(); ) {
			printf "%s%s", before, packed() >whole
			gsub(/[^\n]/, "", found)
			printf "%s", found >whole
		}
		printf "%s", rest >whole
	}
}
