using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>Customers' choices, split into what is learned and what is to be found. Both matrices have the same rows and columns.</summary>
/// <param name="Rejected">Lines that could not be read; the figures are those of the rest.</param>
internal sealed record TrainTestSplit(TrainingSet Train, InteractionMatrix Test, IReadOnlyList<RejectedLine> Rejected);

/// <summary>
/// Reads adjacency files (or files of pairs) straight into matrices, without a shop. Ids are text; a customer or an item that only the
/// test file names has its row or column too, so that all items are ranked.
/// </summary>
internal static class LightGcn
{
    /// <exception cref="ImportException">There is no such file.</exception>
    public static TrainTestSplit ReadSplit(string trainFile, string testFile, CancellationToken cancellation)
    {
        var people = new VocabularyBuilder();
        var items = new VocabularyBuilder();
        var rejected = new List<RejectedLine>();
        List<(int, int)> train = Pairs(trainFile, people, items, pairs: false, rejected, cancellation);
        List<(int, int)> test = Pairs(testFile, people, items, pairs: false, rejected, cancellation);
        var testMatrix = InteractionMatrix.FromPairs(people.Count, items.Count, test);
        return new TrainTestSplit(Set(people, items, train), testMatrix, rejected);
    }

    /// <exception cref="ImportException">There is no such file.</exception>
    public static TrainingSet Read(string file, ICollection<RejectedLine> rejected, CancellationToken cancellation)
    {
        var people = new VocabularyBuilder();
        var items = new VocabularyBuilder();
        return Set(people, items, Pairs(file, people, items, pairs: false, rejected, cancellation));
    }

    /// <summary>The same of a file in which every line names one item.</summary>
    /// <exception cref="ImportException">There is no such file.</exception>
    public static TrainingSet ReadPairs(string file, ICollection<RejectedLine> rejected, CancellationToken cancellation)
    {
        var people = new VocabularyBuilder();
        var items = new VocabularyBuilder();
        return Set(people, items, Pairs(file, people, items, pairs: true, rejected, cancellation));
    }

    private static TrainingSet Set(VocabularyBuilder people, VocabularyBuilder items, List<(int, int)> pairs)
    {
        var matrix = InteractionMatrix.FromPairs(people.Count, items.Count, pairs);
        return new TrainingSet(people.Build(), items.Build(), matrix);
    }

    private static List<(int Person, int Item)> Pairs(string file, VocabularyBuilder people, VocabularyBuilder items,
        bool pairs, ICollection<RejectedLine> rejected, CancellationToken cancellation)
    {
        var files = new SourceFiles(file, LightGcnSource.Source.Files);
        var read = new List<(int, int)>();
        foreach (AdjacencyLine line in AdjacencyFile.Read(files, files.Single, pairs))
        {
            cancellation.ThrowIfCancellationRequested();
            if (line.Rejection is { } rejection)
            {
                rejected.Add(rejection);
                continue;
            }
            int person = people.Add(line.Customer);
            foreach (string item in line.Items) read.Add((person, items.Add(item)));
        }
        return read;
    }
}
