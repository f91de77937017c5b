package muster.plugin;

import java.util.List;
import java.util.Map;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;

/**
 * What Muster's index templates need and the node of Maven Central has not.
 *
 * <p>It imitates a part of the module analysis-common: filters {@code porter_stem} and {@code asciifolding}, tokenizer
 * {@code char_group}. The filters are the Lucene classes that the module wraps. {@code GET /} comes from
 * {@link RootPlugin}.
 */
public final class TestPlugin extends RootPlugin implements AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "porter_stem", (index, environment, name, settings) -> stemming(name),
            "asciifolding", (index, environment, name, settings) -> folding(name, settings.getAsBoolean("preserve_original", false))
        );
    }

    /** The same filters by their names alone, as an analyzer lists them without settings. */
    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        return List.of(
            PreConfiguredTokenFilter.singleton("porter_stem", false, PorterStemFilter::new),
            PreConfiguredTokenFilter.singleton("asciifolding", true, ASCIIFoldingFilter::new)
        );
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("char_group", (index, environment, name, settings) -> CharGroup.factory(name, settings));
    }

    private static TokenFilterFactory stemming(String name) {
        return new TokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream tokens) {
                return new PorterStemFilter(tokens);
            }
        };
    }

    /** Folding is allowed in normalizers, for it changes letters and not where tokens end. */
    private static TokenFilterFactory folding(String name, boolean preserveOriginal) {
        return new NormalizingTokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream tokens) {
                return new ASCIIFoldingFilter(tokens, preserveOriginal);
            }
        };
    }
}
