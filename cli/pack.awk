# Packs text for the assembler: byte pair encoding. The pair of bytes that
# stands there most often becomes one byte from 128 on, and again, until 255 or
# nothing is gained. Output: the pairs, then the text. Plain ASCII goes in.

BEGIN {
	for (i = 1; i < 128; i++)
		code[sprintf("%c", i)] = i
}

{
	for (i = 1; i <= length($0); i++)
		byte[++size] = code[substr($0, i, 1)]
	byte[++size] = 10
}

# The first of the most frequent, whatever order the awk has for its arrays.
function most_frequent(   i, pair, count, most, found) {
	most = 3 # the pair itself takes two
	for (i = 1; i < size; i++) {
		pair = byte[i] * 256 + byte[i + 1]
		if (++count[pair] > most) {
			most = count[pair]
			found = pair
		}
	}
	return found
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

END {
	for (next_byte = 128; next_byte < 256; next_byte++) {
		pair = most_frequent()
		if (!pair)
			break
		replace(pair, next_byte)
		pairs[next_byte] = pair
	}
	print "license_pairs:"
	for (i = 128; i < next_byte; i++)
		print ".byte " int(pairs[i] / 256) ", " pairs[i] % 256
	print "license_text:"
	for (i = 1; i <= size; i++)
		print ".byte " byte[i]
	print ".byte 0"
}
