using System.Globalization;
using System.Text;
using Recommender.Protocol.V1;
using Recommender.Server.Json;

namespace Recommender.Cli.Commands;

/// <summary>Recommendations as lines: a person a line of JSON, or an item a line of CSV.</summary>
internal abstract class BatchLines
{
    /// <param name="format">csv or jsonl.</param>
    /// <param name="properties">Attributes that become columns.</param>
    public static BatchLines Of(string format, IReadOnlyList<string> properties) => format == "csv" ? new Csv(properties) : new JsonLines();

    /// <summary>What stands at the top of the file.</summary>
    public abstract byte[] Head { get; }

    public abstract byte[] Of(BatchRecommendation person);

    private sealed class JsonLines : BatchLines
    {
        public override byte[] Head => [];

        public override byte[] Of(BatchRecommendation person) => JsonText.Write(person, endLine: true);
    }

    private sealed class Csv(IReadOnlyList<string> properties) : BatchLines
    {
        public override byte[] Head => Encoding.UTF8.GetBytes(
            string.Join(',', ["customer_id", "recommendation_id", "rank", "item_id", "score", "source", .. properties.Select(Quoted), "reason", "silent"]) + "\n");

        public override byte[] Of(BatchRecommendation person)
        {
            var lines = new StringBuilder();
            for (int i = 0; i < person.Items.Count; i++)
            {
                var item = person.Items[i];
                Line(lines, [person.CustomerId, person.RecommendationId, (i + 1).ToString(CultureInfo.InvariantCulture), item.ItemId,
                    item.Score.ToString("R", CultureInfo.InvariantCulture), item.Source,
                    .. properties.Select(name => item.Properties.TryGetValue(name, out var value) ? TextOf(value) : ""),
                    item.Reasons.Count > 0 ? item.Reasons[0].Text : "", person.Pressure.Reason]);
            }
            // Somebody without a line would be taken for somebody forgotten.
            if (person.Items.Count == 0) Line(lines, [person.CustomerId, person.RecommendationId, "", "", "", "", .. properties.Select(_ => ""), "", person.Pressure.Reason]);
            return Encoding.UTF8.GetBytes(lines.ToString());
        }

        private static void Line(StringBuilder lines, IEnumerable<string> fields) => lines.AppendJoin(',', fields.Select(Quoted)).Append('\n');

        private static string Quoted(string field) =>
            field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

        private static string TextOf(AttributeValue value) => value.KindCase switch
        {
            AttributeValue.KindOneofCase.Text => value.Text,
            AttributeValue.KindOneofCase.Number => value.Number.ToString("R", CultureInfo.InvariantCulture),
            AttributeValue.KindOneofCase.Flag => value.Flag ? "true" : "false",
            AttributeValue.KindOneofCase.Time => value.Time.ToDateTimeOffset().ToString("O", CultureInfo.InvariantCulture),
            AttributeValue.KindOneofCase.Texts => string.Join('|', value.Texts.Values),
            _ => "",
        };
    }
}
