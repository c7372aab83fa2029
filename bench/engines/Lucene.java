import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.queryparser.classic.MultiFieldQueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

/**
 * Lucene's turn: the tasks of child.py, in a Java process, with the same answers in JSON.
 *
 * <pre>
 * Lucene about
 * Lucene index  DOCUMENTS INDEX JOBS MEMORY CLOCK SPARE
 * Lucene search INDEX QUERIES PHRASES PASSES LIMIT CLOCK
 * Lucene cold   INDEX QUERY
 * </pre>
 */
public final class Lucene {
    private static final int K = 10;
    private static final int OPENINGS = 11;
    private static final String[] FIELDS = {"title", "body"};
    /** The document of child.py that is indexed, and thrown away, before indexing is timed. */
    private static final String[] TINY = {
        "0",
        "دار الكتب في المدينة القديمة",
        "فتحت دار الكتب أبوابها صباح اليوم بعد إصلاحات دامت سنتين، وقال مديرها إن القاعة الكبرى "
            + "تتسع لنحو 300 قارئ، وإن المخطوطات نُقلت إلى خزائن جديدة تحفظها من الرطوبة "
            + "والغبار. وأضاف أن الفهارس صارت متاحة على الشبكة (online catalogue)، يبحث فيها "
            + "الطلاب والباحثون من بيوتهم، ثم يطلبون ما يريدون من الكتب والمجلات فتُحضر لهم في "
            + "ساعة.",
    };

    private final Analyzer analyzer = new ArabicAnalyzer(CharArraySet.EMPTY_SET);
    private DirectoryReader reader;
    private IndexSearcher searcher;

    public static void main(String[] args) throws Exception {
        Lucene lucene = new Lucene();
        switch (args[0]) {
            case "about" -> System.out.println("{\"version\": \"" + Version.LATEST + "\"}");
            case "index" -> lucene.index(args);
            case "search" -> lucene.search(args);
            case "cold" -> {
                lucene.open(Path.of(args[1]));
                lucene.page(args[2]).forEach(System.out::println);
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private void index(String[] args) throws Exception {
        List<String[]> documents = read(Path.of(args[1]));
        int jobs = Integer.parseInt(args[3]);
        write(List.<String[]>of(TINY), Path.of(args[6]), jobs, args[4]);
        System.gc();
        resetPeak();
        long before = status("VmRSS");
        LongSupplier clock = clock(args[5], false);
        long start = clock.getAsLong();
        int segments = write(documents, Path.of(args[2]), jobs, args[4]);
        double seconds = (clock.getAsLong() - start) / 1e9;
        long peak = status("VmHWM") - before;
        System.out.printf("{\"seconds\": %.6f, \"peak\": %d, \"segments\": %d}%n",
            seconds, peak, segments);
    }

    private int write(List<String[]> documents, Path path, int jobs, String memory)
            throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setRAMBufferSizeMB(Double.parseDouble(memory));
        config.setUseCompoundFile(false);
        try (Directory directory = FSDirectory.open(path);
                IndexWriter writer = new IndexWriter(directory, config)) {
            List<Thread> threads = new ArrayList<>();
            for (int job = 0; job < jobs; job++) {
                int first = job;
                threads.add(new Thread(() -> add(writer, documents, first, jobs)));
            }
            for (Thread thread : threads) {
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            writer.commit();
        }
        try (Directory directory = FSDirectory.open(path);
                DirectoryReader written = DirectoryReader.open(directory)) {
            return written.leaves().size();
        }
    }

    private static void add(IndexWriter writer, List<String[]> documents, int first, int step) {
        try {
            for (int i = first; i < documents.size(); i += step) {
                String[] row = documents.get(i);
                Document document = new Document();
                long number = Long.parseLong(row[0]);
                document.add(new NumericDocValuesField("number", number));
                document.add(new TextField("title", row[1], Field.Store.YES));
                document.add(new TextField("body", row[2], Field.Store.YES));
                writer.addDocument(document);
            }
        } catch (IOException error) {
            throw new java.io.UncheckedIOException(error);
        }
    }

    private void search(String[] args) throws Exception {
        Path path = Path.of(args[1]);
        List<String> queries = Files.readAllLines(Path.of(args[2]));
        List<String> phrases = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[3]))) {
            phrases.add('"' + line.replace('\t', ' ') + '"');
        }
        int rounds = Integer.parseInt(args[4]);
        double limit = Double.parseDouble(args[5]);
        LongSupplier clock = clock(args[6], true);
        long[] opening = new long[OPENINGS];
        for (int i = 0; i < OPENINGS; i++) {
            long start = clock.getAsLong();
            open(path);
            opening[i] = clock.getAsLong() - start;
        }
        java.util.Arrays.sort(opening);
        List<List<Long>> found = new ArrayList<>();
        List<List<Long>> ids = passes(queries, this::ids, found, rounds, limit, clock);
        List<List<Long>> shown = new ArrayList<>();
        List<List<Long>> pages = passes(queries, this::pageNumbers, shown, rounds, limit, clock);
        List<List<Long>> foundPhrases = new ArrayList<>();
        List<List<Long>> neighbours =
            passes(phrases, this::ids, foundPhrases, rounds, limit, clock);
        System.out.printf("{\"open_ns\": %d, \"ids\": %s, \"page_hits\": %s, \"phrase_hits\": %s, "
                + "\"times_ns\": {\"ids\": %s, \"page\": %s, \"phrase\": %s}}%n",
            opening[OPENINGS / 2], found, sizes(shown), sizes(foundPhrases),
            ids, pages, neighbours);
    }

    private interface Ask {
        List<Long> of(String query) throws Exception;
    }

    /** Warms up until the machine has compiled what it will, then times each query. */
    private static List<List<Long>> passes(List<String> queries, Ask ask, List<List<Long>> found,
            int rounds, double limit, LongSupplier clock) throws Exception {
        long end = clock.getAsLong() + (long) (limit / 2 * 1e9);
        for (int warm = 0; warm < 10 && clock.getAsLong() < end; warm++) {
            for (String query : queries) {
                ask.of(query);
            }
        }
        List<List<Long>> times = new ArrayList<>();
        for (String query : queries) {
            found.add(ask.of(query));
            times.add(new ArrayList<>());
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < queries.size(); i++) {
                long start = clock.getAsLong();
                ask.of(queries.get(i));
                times.get(i).add(clock.getAsLong() - start);
            }
        }
        return times;
    }

    private void open(Path path) throws IOException {
        reader = DirectoryReader.open(FSDirectory.open(path));
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
    }

    private Query parse(String query) throws Exception {
        return new MultiFieldQueryParser(FIELDS, analyzer).parse(query);
    }

    private TopDocs top(Query query) throws IOException {
        TopScoreDocCollector collector = TopScoreDocCollector.create(K, 1);
        searcher.search(query, collector);
        return collector.topDocs();
    }

    private List<Long> ids(String query) throws Exception {
        List<Long> out = new ArrayList<>();
        for (ScoreDoc hit : top(parse(query)).scoreDocs) {
            int at = ReaderUtil.subIndex(hit.doc, reader.leaves());
            LeafReaderContext leaf = reader.leaves().get(at);
            NumericDocValues numbers = leaf.reader().getNumericDocValues("number");
            numbers.advanceExact(hit.doc - leaf.docBase);
            out.add(numbers.longValue());
        }
        return out;
    }

    private List<String> page(String query) throws Exception {
        Query parsed = parse(query);
        TopDocs top = top(parsed);
        UnifiedHighlighter highlighter = new UnifiedHighlighter(searcher, analyzer);
        String[] snippets = highlighter.highlight("body", parsed, top, 1);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < snippets.length; i++) {
            out.add(searcher.doc(top.scoreDocs[i].doc).get("title") + "\n" + snippets[i]);
        }
        return out;
    }

    private List<Long> pageNumbers(String query) throws Exception {
        List<Long> out = new ArrayList<>();
        for (String snippet : page(query)) {
            out.add((long) snippet.length());
        }
        return out;
    }

    private static List<Integer> sizes(List<List<Long>> lists) {
        List<Integer> out = new ArrayList<>();
        lists.forEach(list -> out.add(list.size()));
        return out;
    }

    private static List<String[]> read(Path path) throws IOException {
        List<String[]> out = new ArrayList<>();
        try (var lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.add(line.replace('\u2028', '\n').split("\t", -1));
            }
        }
        return out;
    }

    private static LongSupplier clock(String name, boolean thread) {
        if (name.equals("wall")) {
            return System::nanoTime;
        }
        if (thread) {
            return java.lang.management.ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
        }
        var system = (com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        return system::getProcessCpuTime;
    }

    private static void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException error) {
            return;
        }
    }

    private static long status(String name) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(name + ":")) {
                    return Long.parseLong(line.replaceAll("\\D+", "")) * 1024;
                }
            }
        } catch (IOException error) {
            return 0;
        }
        return 0;
    }
}
