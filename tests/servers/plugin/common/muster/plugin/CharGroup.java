package muster.plugin;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

import org.apache.lucene.analysis.util.CharTokenizer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.TokenizerFactory;

/**
 * The tokenizer {@code char_group} of analysis-common: a token ends at each character of {@code tokenize_on_chars}.
 *
 * <p>Of the classes of characters it knows {@code whitespace}; it refuses what it does not know instead of guessing.
 */
final class CharGroup {
    private static final String CHARACTERS = "tokenize_on_chars";

    private CharGroup() {}

    static TokenizerFactory factory(String name, Settings settings) {
        IntPredicate ends = ends(settings.getAsList(CHARACTERS));
        return TokenizerFactory.newFactory(name, () -> CharTokenizer.fromSeparatorCharPredicate(ends));
    }

    private static IntPredicate ends(List<String> characters) {
        Set<Integer> listed = new HashSet<>();
        boolean whitespace = false;
        for (String character : characters) {
            if (character.equals("whitespace")) {
                whitespace = true;
            } else if (character.codePointCount(0, character.length()) == 1 && character.equals("\\") == false) {
                listed.add(character.codePointAt(0));
            } else {
                throw new IllegalArgumentException("[" + CHARACTERS + "] of the test plugin does not know [" + character + "]");
            }
        }
        IntPredicate ends = listed::contains;
        return whitespace ? ends.or(Character::isWhitespace) : ends;
    }
}
