// Maps vectors that have nothing to do with words: points on the surface of three rings in ten dimensions.
// Writes rings.html and rings.csv in the working directory.
//
//     swift run -c release MapAnyVectors
import EmbeddingVisualization
import Foundation

let names = ["red", "green", "blue"]
var random = Philox(seed: 1)
var elements: [Float] = []
var labels: [String] = []
for ring in 0..<3 {
    for point in 0..<200 {
        let angle = 2 * Double.pi * Double(point) / 200
        for column in 0..<10 {
            // Each ring lies in a plane of its own, a little blurred.
            let position = column == 2 * ring ? cos(angle) : column == 2 * ring + 1 ? sin(angle) : 0
            elements.append(Float(position) + 0.05 * (random.nextUniform() - 0.5))
        }
        labels.append("\(names[ring]) \(point)")
    }
}

var configuration = BarnesHutTsne.Configuration()
configuration.perplexity = 20
let map = try BarnesHutTsne(configuration: configuration).fit(Matrix(rows: 600, columns: 10, elements: elements))

let summary = ScatterPlot.Summary(map)
try ScatterPlot(coordinates: map.coordinates, labels: labels, title: "three rings", summary: summary)
    .writeHTML(to: "rings.html")
try map.saveAsFile(labels, "rings.csv")
print("KL divergence \(map.klDivergence); wrote rings.html and rings.csv")
