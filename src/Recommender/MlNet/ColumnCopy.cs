namespace Recommender.MlNet;

/// <summary>CopyColumns: the same values under another name.</summary>
internal static class ColumnCopy
{
    public const string Loader = "CopyTransform";

    private const string Signature = "COPYCOLT";
    private const uint Version = 0x00010001;

    /// <summary>The column that a transformer copies to <paramref name="output"/>; null where it makes no such column.</summary>
    public static string? Find(ModelKey stage, string output)
    {
        stage.Header.Require(stage.Name, Signature, Version, Version);
        BlockReader block = stage.Block;
        int count = block.Count("columns", bytesEach: 8);
        string? input = null;
        for (int column = 0; column < count; column++)
        {
            (string to, string from) = (stage.Text(block.Int32()), stage.Text(block.Int32()));
            if (to == output) input = from;
        }
        block.End();
        return input;
    }
}
