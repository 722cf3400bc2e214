using System.Globalization;
using Recommender.MlNet;
using Recommender.Tests.Importing;

namespace Recommender.Tests.MlNet;

/// <summary>Models that ML.NET itself saved, with what it predicted; beside the public data, so a test that needs one skips where there is none.</summary>
internal static class MlNetFixtures
{
    public static readonly string[] Names = ["string_keys_col_user", "uint_keys_row_user", "x_long_nested"];

    public static byte[] Zip(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.zip"));

    public static SavedFactorization Read(byte[] zip) => SavedModelReader.Read(new MemoryStream(zip));

    public static IReadOnlyList<(string User, string Item, float Score)> Expected(string name) =>
    [
        .. File.ReadLines(Path.Combine(Folder, $"{name}.expected.csv")).Skip(1).Select(line => line.Split('\t'))
            .Select(cells => (cells[0], cells[1], float.Parse(cells[2], CultureInfo.InvariantCulture))),
    ];

    public static byte[] Write(SavedFactorization saved)
    {
        using var zip = new MemoryStream();
        SavedModelWriter.Write(saved, zip, CancellationToken.None);
        return zip.ToArray();
    }

    private static string Folder => PublicData.Folder("../fixtures/mlnet");
}
